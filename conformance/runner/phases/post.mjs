import { say } from "./say.mjs";

say("post");
