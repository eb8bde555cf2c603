"use strict";

// src/core/codex/integrity.ts
const TESTED_CODEX_VERSION = "0.169.0";
const CODEX_FILES = {
	"darwin-arm64": {
		package: "sha512-5WsWFBbVP78D+6FvNo1MMVxLPZdmcoQlqVJFrF4qx/TmvneLnMQKtLyXkUo54XOTDfoYKpNouTJ/F7gTVA8FnQ==",
		files: "ef77c8bac8f8b60a67fcdc5b4008c7925452042fdbf5547fb73ef645c5d40a40"
	},
	"darwin-x64": {
		package: "sha512-K1FKSsSLl9v3z5TeagBQXyQRDBIGB5Jncy5dxsRxwT3aaTqN3AI8VrCfoxBxKMOOU9O2QX1vg7WkBwNVth/s9A==",
		files: "33764f0fb50845b2599aff8adca03fdb58925c229cd9edf84d5d1f8c85a4aafe"
	},
	"linux-arm64": {
		package: "sha512-NZ/DaQUpcQmxmqee7Z9uC1rzw3GhSbooawcaTe1LN5Yk+WlinUKGdTXJgClRT/9ogQEEM9TWxYzvxPfj5G/xFg==",
		files: "34c942f866e069628cfa9c6b22f9fb9635d335dea297788b780b5b6e1e959556"
	},
	"linux-x64": {
		package: "sha512-o05NyAOCDygSPRo1yinzxvkRSdmsZyBD9E7mbpmjRanSfM8lypqWtQgEo4XfNkwhuCR2aFu8mlGOsQGFXVbVww==",
		files: "05c78b76368b9df15b1144b17bfdffd74c6710383afd56f81f692f7a9a1c8457"
	},
	"win32-arm64": {
		package: "sha512-nTN9SpkacGohq60+I80R3t0R8Mhbnlt3OVYNahgAv1Gu77KFwhPc0vz9Ou/DAGDtYhKVWA/jiYXJXnlzkwb/JA==",
		files: "acef650eb64df6f109a44406d4a63f3aca0dd8ed2f7bc770a737f09971631637"
	},
	"win32-x64": {
		package: "sha512-nC+McFU8xRNL9tk3IhxcKdhcyOElwF/HhPO+gzSQCY7yjh3XdzSajX+MYWcHUVHWRHajfwn3/WgJYJK2wS+XWg==",
		files: "0d50c832439c95d0485c211fc16bf0b38e80196dccfe01b2af41fa01869e7582"
	}
};

// src/core/environment/code-variables.ts
const NAMES_CODE = /^(BASH_ENV|ENV|ZDOTDIR|GIT_\w+|PERL\w*|PYTHON\w+|RUBY(OPT|LIB)|NODE_(OPTIONS|PATH)|(LD|DYLD)_\w+|GCONV_PATH)$/i;
const NAMES_A_FILE = /^(BASH_ENV|ENV)$/i;
function withoutCode(environment, isOutside) {
	const isTrusted = ([name, value]) => value.split(/[\s:;,=]+/).every((word) => {
		const isRelative = /^\.\.?(\/|$)|^[^-/][^/]*\//.test(word) || NAMES_A_FILE.test(name);
		return word.startsWith("/") ? isOutside(word) : word === "" || !isRelative;
	});
	return Object.fromEntries(Object.entries(environment).filter((variable) => !NAMES_CODE.test(variable[0]) || isTrusted(variable)));
}

Object.defineProperty(exports, "CODEX_FILES", {
  enumerable: true,
  get: function () {
    return CODEX_FILES;
  }
});
Object.defineProperty(exports, "TESTED_CODEX_VERSION", {
  enumerable: true,
  get: function () {
    return TESTED_CODEX_VERSION;
  }
});
Object.defineProperty(exports, "withoutCode", {
  enumerable: true,
  get: function () {
    return withoutCode;
  }
});