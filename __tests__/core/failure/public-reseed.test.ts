import { expect, test } from "@jest/globals";
import { refusePublicReseed } from "../../../src/core/failure/public-reseed.ts";

test("a reseed in a public repository is refused, with why and another way", () => {
  expect(refusePublicReseed).toThrow(
    expect.objectContaining({
      code: "public-repository",
      message: expect.stringMatching(/^`reseed: true` prints a one-time code into the log/),
      hint: expect.stringContaining("`npx codex-auth-roundtrip seed --reseed`"),
    }),
  );
});
