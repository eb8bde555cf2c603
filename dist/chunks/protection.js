import { a as protectByConfig, c as removeRequirements, i as prepareMachine, l as warnUnlessSandboxed, n as inspectOwnConfig, o as refuseForeignConfig, r as pathOfCommands, s as refusePlantedSettings, t as guardedPlaces } from "./protection2.js";

export { guardedPlaces, inspectOwnConfig, removeRequirements };