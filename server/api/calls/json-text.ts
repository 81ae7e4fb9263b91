/** JSON that is text already: made once and sent to everyone who asks, without being looked through again. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For whoever does not know of it. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}
