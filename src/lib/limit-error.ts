/** A stated bound was reached; thrown before anything is allocated, so the state at hand is still whole. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  /** What is limited, in words that fit "the limit of ...": "memory in bytes", "messages alive". */
  readonly limitName: string;
  readonly asked: number;
  readonly limit: number;

  constructor(limitName: string, asked: number, limit: number) {
    super(`${limitName}: ${asked} needed, the limit is ${limit}`);
    this.limitName = limitName;
    this.asked = asked;
    this.limit = limit;
  }
}
