import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { npmFailure, npmNotStarted } from "../../../src/core/codex/npm-failure.ts";
import { WHOLE_SENTENCES } from "../sentences.ts";

const error = (...lines: string[]): string => lines.map((line) => `npm error ${line}`).join("\n");

// As npm 10 and 11 print them.
describe("a failure of npm's", () => {
  test.each<[what: string, stderr: string, why: RegExp, hint: RegExp]>([
    [
      "behind a proxy that reads TLS",
      error(
        "code SELF_SIGNED_CERT_IN_CHAIN",
        "errno SELF_SIGNED_CERT_IN_CHAIN",
        "request to https://registry.npmjs.org/@openai%2fcodex failed, reason: self-signed certificate in certificate chain",
        "A complete log of this run can be found in: /root/.npm/_logs/x.log",
      ),
      /does not trust the certificate.*npm says: `SELF_SIGNED_CERT_IN_CHAIN: request to .* reason: self-signed certificate in certificate chain`\.$/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      "with an unknown issuer",
      error(
        "code UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "request to x failed, reason: unable to get local issuer certificate",
      ),
      /does not trust the certificate/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      "with an expired certificate, or a wrong clock",
      error("code CERT_HAS_EXPIRED", "request to x failed, reason: certificate has expired"),
      /not valid at this machine's time.*certificate has expired/,
      /clock/,
    ],
    [
      "with a certificate from the future",
      error("code CERT_NOT_YET_VALID", "request to x failed, reason: certificate is not yet valid"),
      /not valid at this machine's time/,
      /clock/,
    ],
    [
      "behind a proxy that wants credentials",
      error("code E407", "407 Proxy Authentication Required - GET https://registry.npmjs.org/x"),
      /proxy before the registry wants credentials/,
      /https_proxy/,
    ],
    [
      "behind one that refuses a tunnel for it",
      error(
        "code ECONNRESET",
        "network tunneling socket could not be established, statusCode=407",
        "network This is a problem related to network connectivity.",
      ),
      /wants credentials.*statusCode=407/,
      /https_proxy/,
    ],
    [
      "with an old Node.js",
      error(
        "code EBADENGINE",
        "engine Unsupported engine",
        "engine Not compatible with your version of node/npm: @openai/codex@0.169.0",
        'notsup Required: {"node":">=16"}',
      ),
      /too old for it.*Not compatible with your version/,
      /setup-node/,
    ],
    [
      "on another platform",
      error(
        "code EBADPLATFORM",
        'notsup Unsupported platform for x: wanted {"os":"linux"} (current: {"os":"freebsd"})',
      ),
      /no Codex for this platform.*freebsd/,
      /Linux, macOS or Windows/,
    ],
    [
      "that may install no version so new",
      error(
        "code ETARGET",
        "notarget No matching version found for @openai/codex@0.169.0 with a date before 11/20/2026, 1:00:00 AM.",
      ),
      /leave out versions that are so new.*with a date before/,
      /min-release-age/,
    ],
    ["without Node.js", "/usr/bin/env: 'node': No such file or directory\n", /there is no npm/, /setup-node/],
    ["without Node.js, by a shell", "sh: 1: node: not found\n", /there is no npm/, /setup-node/],
    [
      "without DNS",
      error(
        "code ENOTFOUND",
        "syscall getaddrinfo",
        "errno ENOTFOUND",
        "network request to https://registry.example/@openai%2fcodex failed, reason: getaddrinfo ENOTFOUND registry.example",
        "network This is a problem related to network connectivity.",
      ),
      /name is not known here.*getaddrinfo ENOTFOUND registry\.example/,
      /DNS/,
    ],
    [
      "without a registry that listens",
      error(
        "code ECONNREFUSED",
        "errno ECONNREFUSED",
        "FetchError: request to http://127.0.0.1:9/ failed, reason: connect ECONNREFUSED 127.0.0.1:9",
      ),
      /registry cannot be reached.*connect ECONNREFUSED/,
      /proxy/,
    ],
    [
      "for a version that does not exist",
      error(
        "code ETARGET",
        "notarget No matching version found for @openai/codex@0.1.2.",
        "notarget In most cases you or one of your dependencies are requesting",
      ),
      /there is no such version.*ETARGET: notarget No matching version found for @openai\/codex@0\.1\.2/,
      /`codex-version`/,
    ],
    [
      "for a package that a mirror does not carry",
      error("code E404", "404 Not Found - GET https://mirror.example/@openai%2fcodex - Not found", "404"),
      /there is no such version.*E404: 404 Not Found/,
      /carry `@openai\/codex`/,
    ],
    [
      "without credentials",
      error("code E401", "Unable to authenticate, your authentication token seems to be invalid."),
      /refuses npm.*Unable to authenticate/,
      /\.npmrc/,
    ],
    [
      "in a directory of somebody else's",
      error(
        "code EACCES",
        "syscall mkdir",
        "path /root/.npm/_cacache",
        "errno -13",
        "Your cache folder contains root-owned files, due to a bug in",
      ),
      /may not write.*EACCES: Your cache folder contains root-owned files/,
      /sudo/,
    ],
    [
      "on a full disk",
      error("code ENOSPC", "syscall write", "errno -28", "nospc ENOSPC: no space left on device, write"),
      /no space left.*ENOSPC: nospc ENOSPC/,
      /400 MB/,
    ],
    [
      "for other bytes than were published",
      error(
        "code EINTEGRITY",
        "sha512-AAAA integrity checksum failed when using sha512: wanted sha512-AAAA but got sha512-BBBB.",
      ),
      /not what was published.*EINTEGRITY/,
      /mirror/,
    ],
    [
      "of another kind",
      error("code EWHATEVER", "something"),
      /npm failed\. npm says: `EWHATEVER: something`/,
      /earlier step/,
    ],
    ["without a code", "npm ERR! weird\n", /npm failed\. npm says: `weird`/, /earlier step/],
    [
      "that says nothing of itself",
      "Segmentation fault\n",
      /npm failed\. npm says: `Segmentation fault`/,
      /earlier step/,
    ],
    ["without a word", "", /^Codex 0\.170\.0 could not be installed: npm failed\.$/, /earlier step/],
    [
      "with blank lines",
      error("", "  ", "code ENOSPC", " ", "full"),
      /no space left.*`ENOSPC: full`/,
      /Free/,
    ],
    [
      "with other codes beside npm's",
      error("exit code 127", "code 1 of 2", "code ENOSPC"),
      /no space left/,
      /Free some space/,
    ],
    [
      "with npm's words in another program's line",
      "log: npm error code ENOSPC",
      /npm failed\. npm says: `log: npm error code ENOSPC`/,
      /earlier step/,
    ],
    [
      "with a code, and a shell that misses Node.js",
      `${error("code ENOSPC")}\nsh: 1: node: not found`,
      /no space left/,
      /Free some space/,
    ],
    [
      "for no such package, with words about a date",
      error("code E404", "404 Not Found - no version with a date before 11/20/2026"),
      /there is no such version/,
      /Correct `codex-version`/,
    ],
    [
      "of an old npm",
      "npm ERR! code ENOTFOUND\nnpm ERR! errno ENOTFOUND",
      /name is not known.*`ENOTFOUND`/,
      /DNS/,
    ],
  ])("%s is told in its own words, with what helps", (_what, stderr, why, hint) => {
    const failure = npmFailure("0.170.0", stderr);

    expect(failure).toMatchObject({
      code: "codex-install-failed",
      message: expect.stringMatching(why),
      hint: expect.stringMatching(hint),
    });
    expect(failure.message).toMatch(WHOLE_SENTENCES);
    expect(failure.hint).toMatch(WHOLE_SENTENCES);
  });

  test.each<[why: string, hint: string, codes: string]>([
    [
      "the certificate of the registry, or of a proxy before it, is not valid",
      "Check the machine's clock first",
      "CERT_HAS_EXPIRED CERT_NOT_YET_VALID",
    ],
    [
      "npm does not trust the certificate",
      "NODE_EXTRA_CA_CERTS",
      "DEPTH_ZERO_SELF_SIGNED_CERT UNABLE_TO_VERIFY_LEAF_SIGNATURE HOSTNAME_MISMATCH ERR_TLS_X ERR_SSL_X CRL_X INVALID_CA EPROTO XCERT_HAS_EXPIRED CERT_HAS_EXPIREDX",
    ],
    ["the npm registry's name is not known", "Check the runner's network and DNS", "ENOTFOUND EAI_AGAIN"],
    [
      "the npm registry cannot be reached",
      "Check the runner's network and DNS",
      "ECONNREFUSED ECONNRESET ETIMEDOUT TIMEDOUT ESOCKETTIMEDOUT ERR_SOCKET_TIMEOUT ENETUNREACH EHOSTUNREACH EPIPE FETCH_ERROR EINVALIDPROXY E500 E503 E429 E408",
    ],
    ["there is no such version", "Correct `codex-version`", "ETARGET E404 ENOVERSIONS"],
    ["the proxy before the registry wants credentials", "the proxy's address", "E407"],
    ["this machine's Node.js or npm is too old", "Use actions/setup-node", "EBADENGINE"],
    ["OpenAI publishes no Codex for this platform", "Use a runner with Linux", "EBADPLATFORM"],
    ["the registry, or a proxy before it, refuses npm", "its credentials in .npmrc", "E401 E403 ENEEDAUTH"],
    ["npm may not write where it has to", "Check the owner", "EACCES EPERM EROFS ENOTDIR EEXIST"],
    ["there is no space left on the disk", "Free some space", "ENOSPC EDQUOT"],
    ["what arrived is not what was published", "Start a new run", "EINTEGRITY"],
    [
      "npm failed",
      "Install Codex in an earlier step",
      [
        "XENOTFOUND XEAI_ XECONN XE500 E50 XE404 E4041 XETARGET ETARGETX XE407 E4071 XEBADENGINE EBADENGINEX XEBADPLATFORM",
        "EBADPLATFORMX XE401 E4011 XEACCES EACCESX XENOSPC ENOSPCX XEINTEGRITY EINTEGRITYX XEPROTO EPROTOX XUNABLE_TO_X",
        "XHOSTNAME_MISMATCH XERR_TLS XCRL_ XINVALID_CA E5xx",
      ].join(" "),
    ],
  ])("is told by the whole of npm's code: %s", (why, hint, codes) => {
    for (const code of codes.split(" ")) {
      const failure = npmFailure("1.0.0", error(`code ${code}`));

      expect([code, failure.message]).toEqual([code, expect.stringContaining(`installed: ${why}`)]);
      expect([code, failure.hint]).toEqual([code, expect.stringContaining(hint)]);
    }
  });

  test("is not known where there is no npm", () => {
    expect(npmFailure("0.170.0", null)).toMatchObject({
      message: "Codex 0.170.0 could not be installed: there is no npm on this machine.",
      hint: expect.stringContaining("actions/setup-node"),
    });
  });

  test("shows no password of a registry or a proxy, and no token", () => {
    const stderr = error(
      "code ECONNRESET",
      `request to https://user:PASSWORD@registry.example/x failed, authorization npm_${"A".repeat(80)}`,
    );

    const { message } = npmFailure("0.170.0", stderr);

    expect(message).not.toMatch(/PASSWORD|AAAA/);
    expect(message).toContain("https://…@registry.example");
    expect(message).toContain("authorization …");
  });

  test("is one line without commands, whatever npm prints", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
        for (const stderr of [text, error(text), error("code ENOSPC", text)])
          expect(npmFailure("1.0.0", stderr).message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]|##\[/u);
      }),
    );
  });
});

describe("npm that was not started", () => {
  test("is said to be missing only where it is", () => {
    const missing = new Error(
      "Unable to locate executable file: npm. Please verify either the file path exists …",
    );

    expect(npmNotStarted("1.0.0", missing)).toEqual(npmFailure("1.0.0", null));
  });

  test.each([
    new Error("There was an error when attempting to execute the process 'npm'. Error: spawn EAGAIN"),
    "spawn EAGAIN",
  ])("is told by what the system said: %s", (thrown) => {
    const { code, message, hint } = npmNotStarted("1.0.0", thrown);

    expect(code).toBe("codex-install-failed");
    expect(message).toMatch(/could not be started: `.*spawn EAGAIN`\.$/);
    expect(message).not.toContain("no npm");
    expect(hint).toContain("ulimit");
  });
});
