export function takeResult() {
  return 2;
}
