import { TestEnvironment } from "jest-environment-node";

/** Jest's realm has an `Error` of its own, so that no error of Node's is an instance of it: here they are one, as in production. */
export default class OneRealm extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.Error = Error;
  }
}
