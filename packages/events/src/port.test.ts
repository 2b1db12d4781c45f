import { describePort } from "../test/port.ts";

describePort("event tables");
