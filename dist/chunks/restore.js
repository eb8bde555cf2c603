import { n as restore, t as makeHome } from "./restore2.js";

export { restore };