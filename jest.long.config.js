import everything, { LONG } from "./jest.config.js";

/** What `npm test` leaves out because it takes long: `npm run test:long`. */
export default {
  ...everything,
  testMatch: LONG.map((name) => `**/__tests__/${name}.test.ts`),
  testPathIgnorePatterns: [],
};
