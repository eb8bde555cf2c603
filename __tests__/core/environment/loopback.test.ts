import { describe, expect, test } from "@jest/globals";
import { isLoopbackUrl } from "../../../src/core/environment/loopback.ts";

describe("a URL", () => {
  test.each([
    "http://127.0.0.1",
    "http://127.0.0.1:8080/oauth/token",
    "https://127.1.2.3/",
    "http://127.10.200.255",
    "http://localhost:1",
    "http://LOCALHOST",
    "http://[::1]:8080/",
    "http://user@127.0.0.1/",
    "http://2130706433/",
  ])("%s stays on this machine", (url) => {
    expect(isLoopbackUrl(url)).toBe(true);
  });

  test.each([
    "",
    "localhost",
    "127.0.0.1:8080",
    "http://0.0.0.0",
    "http://10.0.0.1",
    "http://[::]",
    "http://[::ffff:10.0.0.1]",
    "http://127.0.0.1.example",
    "http://127.0.0.1@example.com/",
    "http://localhost.example",
    "http://localhost:80@example.com",
    "http://example.com/127.0.0.1",
    "http://example.com#127.0.0.1",
    "http://128.0.0.1",
    "http://1270.0.0.1",
    "http://notlocalhost",
    "http://my.localhost",
    "/oauth/token",
  ])("%j may lead elsewhere", (url) => {
    expect(isLoopbackUrl(url)).toBe(false);
  });
});
