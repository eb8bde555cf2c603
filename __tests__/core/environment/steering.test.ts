import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { changedSteering, steers } from "../../../src/core/environment/steering.ts";

describe("a variable that steers requests", () => {
  test.each([
    ...["HTTP_PROXY", "https_proxy", "Https_Proxy", "ALL_PROXY", "no_proxy", "PROXY"],
    ...["npm_config_proxy", "npm_config_https_proxy", "NPM_CONFIG_NOPROXY"],
    ...["NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_USE_ENV_PROXY"],
    ...["NODE_PATH", "NODE_USE_SYSTEM_CA", "NODE_V8_COVERAGE"],
    ...["SSL_CERT_FILE", "SSL_CERT_DIR", "CODEX_CA_CERTIFICATE"],
    ...["OPENSSL_CONF", "OPENSSL_MODULES", "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH"],
    ...["DYLD_INSERT_LIBRARIES", "ld_preload"],
  ])("is %s", (name) => {
    expect(steers(name)).toBe(true);
  });

  test.each([
    ...[
      "PATH",
      "HOME",
      "TMPDIR",
      "CI",
      "NODE_ENV",
      "NODE_VERSION",
      "NODE_AUTH_TOKEN",
      "CODEX_HOME",
      "RUSTFLAGS",
    ],
    ...["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PROXY_HOST", "REVERSE_PROXY_URL", "OLD_PRELOAD", ""],
    ...["LD_\n::error::x", "HTTPS_PROXY ", "LD_[x](http://evil)"],
  ])("is not %j", (name) => {
    expect(steers(name)).toBe(false);
  });
});

describe("what has changed of them", () => {
  test("is what came, what went and what has another value, in order", () => {
    const before = { NODE_OPTIONS: "--x", HTTPS_PROXY: "http://a", LD_PRELOAD: null, no_proxy: "kept" };
    const now = { HTTPS_PROXY: "http://b", SSL_CERT_FILE: "/evil.pem", no_proxy: "kept", CI: "true" };

    expect(changedSteering(before, now)).toEqual(["HTTPS_PROXY", "NODE_OPTIONS", "SSL_CERT_FILE"]);
  });

  test("is nothing where nothing has, whatever else did", () => {
    const variables = fc.dictionary(
      fc.constantFrom("HTTPS_PROXY", "LD_PRELOAD", "NODE_OPTIONS"),
      fc.string(),
    );
    fc.assert(
      fc.property(
        variables,
        fc.dictionary(fc.constantFrom("PATH", "CI", "A"), fc.string()),
        (kept, others) => {
          expect(changedSteering(kept, { ...others, ...kept })).toEqual([]);
        },
      ),
    );
  });

  test("tells an empty value from a missing one", () => {
    expect(changedSteering({ NO_PROXY: null }, { NO_PROXY: "" })).toEqual(["NO_PROXY"]);
  });
});
