import { LanguageError } from './language-error.ts';
import { tokenise, type Token } from './lexer.ts';
import { LIMITS } from './limits.ts';

/** Walks over the tokens of one formula and words the mistakes. */
export class TokenReader {
  readonly source: string;
  readonly #tokens: readonly Token[];
  /** Mistakes after which reading went on. */
  readonly errors: LanguageError[] = [];
  #index = 0;
  #depth = 0;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenise(source);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)] ?? { kind: 'end', text: '', at: this.source.length };
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  isOperator(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'operator' && token.text === text;
  }

  isName(text: string): boolean {
    const token = this.peek();
    return token.kind === 'name' && token.text === text;
  }

  /** Takes the operator when it is next. */
  took(text: string): boolean {
    const found = this.isOperator(text);
    if (found) this.#index += 1;
    return found;
  }

  expectOperator(text: string): void {
    if (!this.took(text)) throw this.unexpected([`"${text}"`]);
  }

  /** @param what what the name stands for, for the message */
  expectName(what: string): { readonly text: string; readonly at: number } {
    const token = this.peek();
    if (token.kind !== 'name') throw this.unexpected([what]);
    this.#index += 1;
    return token;
  }

  unexpected(expected: readonly string[], suggestion?: string): LanguageError {
    const token = this.peek();
    const problem = token.kind === 'end' ? 'the formula ends here' : `"${token.text}" does not belong here`;
    return this.error({ offset: token.at, problem, expected, suggestion });
  }

  /** Steps over `( … )` with everything inside. @returns whether the brackets close */
  skipBrackets(): boolean {
    let open = 0;
    do {
      const { kind, text } = this.next();
      if (kind === 'end') return false;
      if (kind === 'operator' && text === '(') open += 1;
      else if (kind === 'operator' && text === ')') open -= 1;
    } while (open > 0);
    return true;
  }

  error(details: { offset: number; problem: string; expected?: readonly string[]; suggestion?: string | undefined }): LanguageError {
    return new LanguageError({ source: this.source, ...details });
  }

  /** Runs one level deeper; refuses above the limit `depth`, so that a hostile formula cannot exhaust the stack. */
  deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > LIMITS.depth)
      throw this.error({ offset: this.peek().at, problem: `nested deeper than the limit depth of ${LIMITS.depth}` });
    const result = read();
    this.#depth -= 1;
    return result;
  }
}
