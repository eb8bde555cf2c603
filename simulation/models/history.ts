/** What was there from a moment on; `null`: nothing. */
interface Version<Value> {
  readonly fromMs: number;
  readonly value: Value | null;
}

const KEPT_VERSIONS = 8;

/** Things by name, and what they were before: GitHub's answer to a read may be some seconds old. */
export class History<Value> {
  readonly #versions = new Map<string, readonly Version<Value>[]>();
  readonly #nowMs: () => number;
  readonly #changed: (name: string) => void;

  constructor(nowMs: () => number, changed: (name: string) => void = () => {}) {
    this.#nowMs = nowMs;
    this.#changed = changed;
  }

  get(name: string): Value | null {
    return this.#versions.get(name)?.at(-1)?.value ?? null;
  }

  /** As it was at that time. */
  at(name: string, ms: number): Value | null {
    return this.#versions.get(name)?.findLast(({ fromMs }) => fromMs <= ms)?.value ?? null;
  }

  /** As it was before its last change. */
  before(name: string): Value | null {
    return this.#versions.get(name)?.at(-2)?.value ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  set(name: string, value: Value | null): void {
    const versions = this.#versions.get(name) ?? [];
    this.#versions.set(name, [...versions.slice(-KEPT_VERSIONS), { fromMs: this.#nowMs(), value }]);
    this.#changed(name);
  }

  delete(name: string): void {
    if (this.has(name)) this.set(name, null);
  }

  clear(): void {
    this.#versions.clear();
  }

  /** Of all that there ever was. */
  get names(): readonly string[] {
    return [...this.#versions.keys()];
  }

  get size(): number {
    return this.values().length;
  }

  values(): readonly Value[] {
    return this.names.flatMap((name) => this.get(name) ?? []);
  }
}
