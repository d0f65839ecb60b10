// The part of package undici that keeps connections, by itself: all of it is 9 MB more, and a tenth of a second.
declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici";
  export default Agent;
}
