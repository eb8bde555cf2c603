import { a as warnUnlessSandboxed, i as removeRequirements, n as prepareMachine, r as protectByConfig, t as guardedPlaces } from "./protection2.js";

export { removeRequirements };