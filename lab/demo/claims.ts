/** What the story says, each point held against what was measured. */
export class Claims {
  readonly violated: string[] = [];
  #checked = 0;

  get checked(): number {
    return this.#checked;
  }

  /**
   * @param where for the message: which day, whose job
   * @param points each claim, and whether it holds
   * @returns those that do not hold
   */
  check(where: string, points: Readonly<Record<string, boolean>>): string[] {
    const broken = Object.entries(points)
      .filter(([, holds]) => !holds)
      .map(([claim]) => claim);
    this.#checked += Object.keys(points).length;
    this.violated.push(...broken.map((claim) => `${where}: ${claim}`));
    return broken;
  }
}
