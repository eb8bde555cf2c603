import everything from "../jest.config.js";

/** The tests that run the mutated sources themselves, in memory; what runs dist/ cannot see a mutant. One that waits for ever fails soon. */
export default { ...everything, rootDir: "..", roots: ["<rootDir>/mutation"], testTimeout: 2_000 };
