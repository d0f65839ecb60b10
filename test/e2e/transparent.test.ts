// Over stdio the proxy makes no difference where no rule speaks.
import { proxy } from "./programs.ts";
import { describeTransparency } from "./transparency.ts";

describeTransparency((config) => proxy("--config", config));
