"use strict";

Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
const require_dist_bundle = require("./dist-bundle.cjs");

exports.request = require_dist_bundle.request;