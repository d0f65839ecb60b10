// How the proxy introduces itself, to clients and to servers. A test holds it equal to package.json.

export const VERSION = "0.1.0";
