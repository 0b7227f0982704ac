// Which type words that somebody marks are likely to be of; they see it, and change it by one key.
const MONTH = /^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$/i;
const NUMBERS = /^(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(-\w+)?$/i;
const PLACE_BEFORE = /^(in|at|to|from|near|around)$/i;

export function guessed(texts, before, known) {
  const text = texts.join(" ").replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  const same = known(text);
  if (same) return same;
  if (/@/.test(text)) return /\.\w{2,}$/.test(text) ? "EMAIL" : "HANDLE";
  if (/^(https?:|www\.)|\.(com|org|uk|net)\b/i.test(text)) return "URL";
  if (/^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i.test(text)) return "POSTCODE";
  if ((text.match(/\d/g) ?? []).length >= 9) return "PHONE";
  if (texts.some((word) => MONTH.test(word.replace(/\W/g, "")))) return "DATE";
  if (/\b(19|20)\d\d\b/.test(text)) return "DATE";
  if (/\b(street|road|lane|avenue|close|drive|crescent)$/i.test(text)) return "ADDRESS";
  if (/\b(hospital|clinic|surgery|cent(re|er)|school|university|college|council|trust|church|ltd|network)\b/i.test(text)) return "ORGANISATION";
  if (/^\d{1,3}$/.test(text) || texts.every((word) => NUMBERS.test(word))) return "AGE";
  if (/\d{3,}/.test(text)) return "ID";
  return PLACE_BEFORE.test(before) ? "LOCATION" : "PERSON";
}
