/** Whether a URL leads to this machine and nowhere else. */
export function isLoopbackUrl(value: string): boolean {
  try {
    return /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(value).hostname);
  } catch {
    return false;
  }
}
