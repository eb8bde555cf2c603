import { n as poll, r as repeat, t as insist } from "./retry2.js";

export { poll };