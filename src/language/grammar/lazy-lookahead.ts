// How the parser tells alternatives apart: worked out when a text first gets to them, since most policies meet few of them.
import { type ILookaheadStrategy, LLkLookaheadStrategy } from "chevrotain";

type Choice = Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0];
type Choose = ReturnType<ILookaheadStrategy["buildLookaheadForAlternation"]>;
type Option = Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0];
type Take = ReturnType<ILookaheadStrategy["buildLookaheadForOptional"]>;

/** Chevrotain's own LL(k), and its functions are called on the parser. Measured: half of what it takes to build the parser. */
export class LazyLookahead implements ILookaheadStrategy {
  readonly #eager: ILookaheadStrategy;

  constructor(maxLookahead: number) {
    this.#eager = new LLkLookaheadStrategy({ maxLookahead });
  }

  validate(grammar: Parameters<ILookaheadStrategy["validate"]>[0]): ReturnType<ILookaheadStrategy["validate"]> {
    return this.#eager.validate(grammar);
  }

  buildLookaheadForAlternation(choice: Choice): Choose {
    const eager = this.#eager;
    let choose: Choose | undefined;
    return function (this: unknown, alternatives) {
      choose ??= eager.buildLookaheadForAlternation(choice);
      return choose.call(this, alternatives);
    };
  }

  buildLookaheadForOptional(option: Option): Take {
    const eager = this.#eager;
    let take: Take | undefined;
    return function (this: unknown) {
      take ??= eager.buildLookaheadForOptional(option);
      return take.call(this);
    };
  }
}
