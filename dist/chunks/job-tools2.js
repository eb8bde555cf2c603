import { n as jobTools, r as machinePolicy, t as codexProgram } from "./job-tools.js";

export { jobTools, machinePolicy };