import { expect, it } from 'vitest';
import { designOf } from '../metamorphic/run-figures.ts';
import { compile } from '../../simulation/compile.ts';
import { checkCase } from './check-case.ts';
import { Coverage } from './coverage.ts';
import { caseOf } from './fuzz-case.ts';

/** Cases that once broke a law, as the fuzzer printed them, and why. Add the token of every failure that is mended. */
const CASES: readonly { reason: string; token: string }[] = [
  {
    reason: 'with many pending, an event of the ladder came after a later one',
    token:
      'pZK9ctswEITfZWskQ0aybKG3O824iKsMC4g4UrBJHOcAypE0fHcPIJmmqxTp8DP73e3eXWApuNZDX3AkCY49dKngTU_QeBrPZyj0FIJp6fdpoAD9p1LwbPPxAmeh4QsovDmfzoOwHWsSzJT82zjqbEh1xESC3hbFNKlPffmljzy4eiEuv4kHI9FFxz5AlwvA-gtQsw9jT_KjFR6HBWn9jdQY141Cz8J7s3ediyfo4udWQSjKacc2aToTs5O9qd-4aaBXRVHM1535e32ZpkqBbLvMhLJr4f4zgcizHeH-mSVCg8eYv25X5zF7ovJ_AasFoJwB638CKoWc3W3YoSZvxHFK7cDizux3AXq1Kcq7lMa7kf5lSE-FQiCy0Nvt5uHXvUJjxi5mzKTQsuluyM6cUl19mTepmiYFS2SvEZomkjweySf1KlWxnLt7pTr1mw0ekil_ndR1yVK5tIPsAnsoGGnzsMPBCOWNqRRMHd2RUr-b-7vpAw',
  },
  {
    reason: 'a second call to a database that starts again waited beside free connections',
    token:
      'nZLBToQwEIbf5T_3QEFc0wfwZuJhPRkOlQ7YCB3SljW7hHc3RRbxoIe9TTvzTb_MdIKhYFsHNeFEPlh2UFLA6Z6g8DheLhDoKQTd0vE8UIB6rQQcmyWcYA0UXAaBD-tSPHg2Y00eW5cl21jqTICa5llcKfkvJf-gyh_K6KjfdKAdVf6mKgEy7d6VFhvP_dUs8sZ57p_ZRyjwGJfUerQOmwDJXQN5S4P8xgaVQOt5HNYlhJqc9pbT8t7Z2wu7pwBV3GeyzDKBT-37lyFdZQKByEDdHWRRPAg0euzibihN0tAx1eb5QaBhn-JS5t-73vwSB4UQeUiEb9cxzwIt62416_Q56atp-yjVPAsYIrNW6DraE6U3DmU2fwE',
  },
  {
    reason: 'a second send to a queue that was made larger waited before its room for ever',
    token:
      'nZRBb9swDIX_yztrgBwnBaZbDyuwAQV66E5DDozMJEJlyZNkt2mQ_z7QTRwPaIGtN9ECPz2Sjz6i4ex2AeaIgVN2McBUCoFahsFd__oKhZZzph0_HjrOML_WCiE24_EI18AgaCg8uSDnLsWmt5wwUcbbrWPfZHknl9jdbgsnGH06qQuiuiJ-99zzLL_6K99SR9aVA8xCIQ6ctj4-w2Djo33CjFhfiTaG3LecvuxS7LsZuv4L3XK74ZTHFtgYbJ8SB3sY48xpcJYfnSQekffU8ZlcKJSxTRSkJoUtOd8nfkhxQxvnR7FaoaWX21K47UqGWSokLulwHxvh7KNvoLAh-xS3W5h6Ot-RLTHBrKYv9_QCU-kp_uHKWztFddu6AgMmu8cl_h4Kp4E8zI1WoCwjFyQShZ10OnOW2UtxsS8wC62wZ0plw1RgqtUo_iF6f0VVWs_nt_x4fssP5le9O7-1Aje7ub14NFCK7cVMJU7YFNuHmKRiES5X59AFTOK4ehdQ_TtgOQNUE6D-DwWLGaH-VA31JwlrhdH2593NlgMlF2UW-5jcawz3Gaa-0XqltcIzpfZnJ5-0GIMbmHpVV4sb8XXvy4g5Kewi-TPS02G0zXH6MaxPJ4WGuXkbI8m-fxs4SHYtrzQiPrOIDW8bcLWJrNXFJAoD-Z7FklII2eIGFnFfT38A',
  },
  {
    reason: 'a member under two crashes came up for an instant when one of them ended, and took a message',
    token:
      'lZJBj9owEIX_yzt7pYTAlvreSq1UaQ_bU8XBJJPgbuxJxw4UUP57ZS8EkCpVvdljzef33swZDQXbeegz9iTBsocuFbxxBI3P4-kEBUchmI5ejwMF6B8bBc9NPp5hG2j4Egpv1qfzINyMNQlmSn5tLfVNSP-IiQRdFcU0qWt_deuv2YfRkTx1wuNwR6keKFtTv3HbfrUxkkAXCjU7ZyM0rI8ke9PjWvtyLejnQsGE5JgFGmJ8R1AIFJL1V-uIxwi9KBR2ZCRuyUTocqXgzO8X7vsbanUnf3mT_2ukke5ULx9U12YwtY3HLJj3JG3PB2g0wsOTpwOFiGnaKFDT3QdMGSPsrnFGnuHC7oUlGU_a09Plaj1mifTxDrCcAdU_ARuFPIjL4ENN3ojlZGbHYk_svwXo6rkoV0WhcDDivg-pVKRYqUlhluvFSqE1Yx8zZlLo2PQXZG-OOfTzvFWbaVJoiJr3BEwbST7tyafuslBoOIv7SXWSm_3tPuB9K2dX6be0TmLCDgpGujwBR26bFqbM43tE_528-G-yQsuSMlivU36mjnZP6V4uqukP',
  },
  {
    reason: 'a member that the broker left without a partition stayed open for work',
    token:
      'VVFBbsIwEPzLnF0pKQSQb71UvVTqgZ6qHEyyBIvYG60dKkD-e-UUaHpbe3dmZ2avaCnYzkNfcSIJlj10qeCNI2i8jpcLFByFYDrangcK0F-1gud2Kq-wLTT8MxSO1uc68mAbPCim1t5S34a8ZDASbbTsA3SVkroTVH8EDfswOpKnTngcZkzVPyZHbkcSoFcKg3DkhvsZGgpCjiO9hGyQBRpifEdQ2AkfSd7ISNyRidBlpRAoZPtb64jHCL0pUqoVqO3mTmmyI-zu1iI_pAm7D5YIjUyQW7en9chUk59bgKEhb8RydnJgsRf27wF6sSrKqigUvo24zyF_FVkatdCLdbFcFwp7M_ZxJmlfQsHEPLsq1wp7llyXm-XvnR76Mi4nJCYcMkS6WZDQy5TqpNCx6W8ie3Oeorg-7l2npNAStbcJ00R7orxuXRXpBw',
  },
];

it.each(CASES)('$reason, and does so no more', ({ token }) => {
  expect(checkCase(caseOf(token), new Coverage())).toBeNull();
});

it('ends where two full queues dead-letter into each other, which went round for ever', () => {
  const full = { capacity: 1, overflow: 'dead-letter' };
  const design = designOf({ source: ['producer'], a: ['queue', full], b: ['queue', full] }, [
    'source > a',
    'a.dead > b',
    'b.dead > a',
  ]);
  const { run } = compile(design, { untilMs: 10_000 });
  while (!run!.done) run!.advance(Infinity, 1000);
  // As in RabbitMQ, a message that would come to a queue again by overflow alone is dropped.
  expect(run!.stoppedBy).toBeNull();
  expect(run!.nowMs).toBe(10_000);
  expect(run!.results().totals.dropped).toBeGreaterThan(0);
});
