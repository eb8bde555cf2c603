"use strict";

// src/core/text/shell.ts
function shellQuoted(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

Object.defineProperty(exports, "shellQuoted", {
  enumerable: true,
  get: function () {
    return shellQuoted;
  }
});