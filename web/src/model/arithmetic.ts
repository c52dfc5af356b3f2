/** The value of a sum that a person typed (`512*2`, `(3+1)/2`, `2^10`, `1e-3`, `50%`), or null when it is none. */
export function calculate(text: string): number | null {
  const reader = new Reader(text.replaceAll(",", ".").replaceAll("×", "*").replaceAll("÷", "/"));
  try {
    const value = reader.sum();
    return reader.done() && Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  done(): boolean {
    this.skip();
    return this.at >= this.text.length;
  }

  sum(): number {
    let value = this.product();
    for (;;) {
      if (this.take("+")) value += this.product();
      else if (this.take("-")) value -= this.product();
      else return value;
    }
  }

  private product(): number {
    let value = this.power();
    for (;;) {
      if (this.take("*")) value *= this.power();
      else if (this.take("/")) value /= this.power();
      else return value;
    }
  }

  private power(): number {
    const base = this.sign();
    return this.take("^") || this.take("**") ? base ** this.power() : base;
  }

  private sign(): number {
    if (this.take("-")) return -this.sign();
    if (this.take("+")) return this.sign();
    if (this.take("(")) {
      const value = this.sum();
      if (!this.take(")")) throw new SyntaxError("a bracket stays open");
      return value;
    }
    return this.number();
  }

  private number(): number {
    this.skip();
    const found = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?/i.exec(this.text.slice(this.at));
    if (!found) throw new SyntaxError("no number");
    this.at += found[0].length;
    return Number(found[0]) / (this.take("%") ? 100 : 1);
  }

  private take(mark: string): boolean {
    this.skip();
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  private skip(): void {
    while (this.text[this.at] === " ") this.at++;
  }
}
