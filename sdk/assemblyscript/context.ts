import { InvokeRequest, InvokeResponse } from "./entrypoint";
import { Command } from "./commands";

/** What a method sees of its call: who asks, and the response that is being built. */
export class Context {
  constructor(private request: InvokeRequest, private response: InvokeResponse) {}

  get requestId(): string { return this.request.request_id; }
  get traceId(): string { return this.request.trace_id; }
  get sessionId(): string { return this.request.session_id; }
  get llmSessionId(): string { return this.request.llm_session_id; }
  /** The id of the skill in its manifest. */
  get skillId(): string { return this.request.skill_id; }
  /** The skill that calls; "" for a client. */
  get callerId(): string { return this.request.caller_id; }
  get method(): string { return this.request.method; }
  /** The bytes that the skill saved last. */
  get state(): Uint8Array { return this.request.state; }

  /** Saves bytes for the next call. Empty bytes leave the state as it is. */
  setState(data: Uint8Array): void { this.response.state = data; }

  /** Adds a second text for the client, beside the result. */
  setLLMContext(text: string): void { this.response.llm_context = text; }

  /** Adds a line to the second text. */
  appendLLMContext(text: string): void {
    const before = this.response.llm_context;
    this.response.llm_context = before.length > 0 ? before + "\n" + text : text;
  }

  /** Asks the host to do something after the call. The published library cannot send commands; this one can. */
  addCommand(command: Command): void { this.response.commands.push(command); }
}
