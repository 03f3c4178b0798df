/** What `scripts/same-everywhere.mjs` bundles into one script without imports, for engines that know no modules. */
export { answer } from './driver.ts';
export { firstDifference } from './first-difference.ts';
