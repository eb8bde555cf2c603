import { testsOf } from "./room.js";

export default testsOf("action");
