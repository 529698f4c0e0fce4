import { copyPerson, type PersonState } from './person-state.ts';

/** Some of what is remembered of persons, in a checkpoint. */
export interface PersonsPart {
  readonly kind: 'persons';
  /** The first part of everything: what an earlier checkpoint said of persons no longer counts. */
  readonly anew: boolean;
  /** Seen since, so that they stand last, in this order. */
  readonly persons: readonly (readonly [person: string, state: PersonState])[];
  /** Changed where they stood. */
  readonly inPlace: readonly (readonly [person: string, state: PersonState])[];
  readonly gone: readonly string[];
}

/** Up to where persons were written; of one {@link Persons} only. */
export interface PersonsMark {
  readonly kind: 'persons';
}

/** Persons of one part: some milliseconds of serialising, for one with a long episode has some 20 kB. */
const PART = 50;

/** Persons by name, the one seen longest ago first, never more than a number of them. Knows who changed since a checkpoint. */
export class Persons {
  readonly #max: number;
  readonly #states = new Map<string, PersonState>();
  /**
   * Who changed since a checkpoint last looked, and whether by moving: put last, or gone. Those put stand in their order. Null
   * before the first checkpoint, when nobody wants to know.
   */
  #changed: Map<string, boolean> | null = null;
  /** Of the checkpoint that was finished last; null while one is made, and after one that failed. */
  #mark: PersonsMark | null = null;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#states.size;
  }

  get(person: string): PersonState | undefined {
    return this.#states.get(person);
  }

  [Symbol.iterator](): MapIterator<[string, PersonState]> {
    return this.#states[Symbol.iterator]();
  }

  /** Puts a person last; the first one goes when there are too many. */
  put(person: string, state: PersonState): void {
    this.#states.delete(person);
    this.#states.set(person, state);
    this.#move(person);
    if (this.#states.size > this.#max) this.delete(this.#states.keys().next().value ?? '');
  }

  delete(person: string): void {
    if (this.#states.delete(person)) this.#move(person);
  }

  /** To be said of every change of a state that is not put anew. */
  change(person: string): void {
    if (this.#changed?.has(person) === false) this.#changed.set(person, false);
  }

  #move(person: string): void {
    this.#changed?.delete(person);
    this.#changed?.set(person, true);
  }

  /** Takes the place of everything. The next checkpoint has it whole. */
  replace(persons: Iterable<readonly [string, PersonState]>): void {
    this.#states.clear();
    for (const [person, state] of persons) this.#states.set(person, copyPerson(state));
    [this.#changed, this.#mark] = [null, null];
  }

  /** Takes a part of a checkpoint in; all of them, in their order, give what was there when it closed. */
  take({ anew, persons, inPlace, gone }: PersonsPart): void {
    if (anew) this.#states.clear();
    for (const person of gone) this.#states.delete(person);
    for (const [person, state] of persons) {
      this.#states.delete(person);
      this.#states.set(person, copyPerson(state));
    }
    for (const [person, state] of inPlace) this.#states.set(person, copyPerson(state));
  }

  /**
   * Begins a checkpoint: of those who changed since another one, or of all when there is none, or when that was not the one
   * that was finished last.
   */
  write(since?: PersonsMark | null): PersonsWriting {
    const anew = since == null || since !== this.#mark;
    this.#mark = null;
    const take = (): ReadonlyMap<string, boolean> => {
      const changed = this.#changed;
      this.#changed = new Map();
      return changed ?? new Map<string, boolean>();
    };
    const changed = take();
    return new PersonsWriting(anew ? new Map([...this.#states.keys()].map((person) => [person, true])) : changed, anew, {
      state: (person) => this.#states.get(person),
      take,
      waiting: () => this.#changed?.size ?? 0,
      moved: (person) => this.#changed?.get(person) === true,
      finished: (mark) => (this.#mark = mark),
    });
  }
}

interface Source {
  readonly state: (person: string) => PersonState | undefined;
  /** Who changed since it was asked last. */
  readonly take: () => ReadonlyMap<string, boolean>;
  readonly waiting: () => number;
  /** Whether it moved since `take`. */
  readonly moved: (person: string) => boolean;
  readonly finished: (mark: PersonsMark) => void;
}

/** One checkpoint of persons. They change while it is made; each part is as they are when it is asked for. */
export class PersonsWriting {
  #first: ReadonlyMap<string, boolean> | null;
  #anew: boolean;
  readonly #source: Source;

  constructor(first: ReadonlyMap<string, boolean>, anew: boolean, source: Source) {
    [this.#first, this.#anew, this.#source] = [first, anew, source];
  }

  /** How many have changed since the parts were asked for last. */
  get waiting(): number {
    return this.#source.waiting();
  }

  /** At the first call whom the checkpoint began with, then at each who changed since the one before. Cost of a part: some milliseconds. */
  *parts(): Generator<PersonsPart> {
    const all = [...(this.#first ?? this.#source.take())];
    this.#first = null;
    for (let from = 0; from < all.length || this.#anew; from += PART) {
      const persons: [string, PersonState][] = [];
      const inPlace: [string, PersonState][] = [];
      const gone: string[] = [];
      for (const [person, moved] of all.slice(from, from + PART)) {
        // It comes later, in its new place or not at all.
        if (this.#source.moved(person)) continue;
        const state = this.#source.state(person);
        if (state === undefined) gone.push(person);
        else (moved ? persons : inPlace).push([person, state]);
      }
      const anew = this.#anew;
      this.#anew = false;
      yield { kind: 'persons', anew, persons, inPlace, gone };
    }
  }

  /** The last parts, with which it is whole; nothing may change before it returns. */
  finish(): { readonly parts: readonly PersonsPart[]; readonly mark: PersonsMark } {
    const parts: PersonsPart[] = [];
    do parts.push(...this.parts());
    while (this.waiting > 0);
    const mark: PersonsMark = { kind: 'persons' };
    this.#source.finished(mark);
    return { parts, mark };
  }
}
