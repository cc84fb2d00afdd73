// The one thing of Node that the client uses, instead of all its types.
declare const process: { argv: string[] };
