"use strict";

const require_go_online = require("./go-online.cjs");

Object.defineProperty(exports, "default", {
  enumerable: true,
  get: function () {
    return require_go_online.require_undici();
  }
});