/** Everything that can go on without being let through has gone on: nothing here waits for anything real. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
