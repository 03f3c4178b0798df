/** What a real system would refuse, too: the message says what was found and what was expected. */
export class RefusedInput extends Error {
  override readonly name = 'RefusedInput';
}
