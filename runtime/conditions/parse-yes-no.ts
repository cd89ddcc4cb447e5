import type { Found } from './found.ts'
import { foldText } from './normalise.ts'

/** Where a short Chinese word must end, so that 好 is agreement and 好像 is not. */
const end = '(?=$|[\\s\\p{P}\\p{S}]|[的啊呀吧呢哦噢喔嘛呗了嘞哈滴哒])'
/** What may follow a short English word of agreement or refusal: "no thanks" is one, "no parcel" is not. */
const followers =
  "i|it|it's|that|that's|this|they|we|you|do|does|did|let|go|please|pls|thanks?|thx|thank|sir|not|never|need|way|fine|sure|then|great|of|by|but|because|the same|yes|no|ok|okay|good|perfect"
const ends = `(?=$|\\s*[\\p{P}\\p{S}]|\\s+(?:${followers})(?:$|[\\s\\p{P}]))`

function anyOf(...phrases: string[]): RegExp {
  return new RegExp(`^(?:${phrases.join('|')})`, 'u')
}

/** Neither yes nor no, though some of these begin like one. */
const neither = anyOf(
  '不知道|不(?:太)?(?:清楚|确定|懂|明白|记得)|不一定|不好说|不晓得|说不好|没想好|没听懂|没明白|也许|可能|大概|看情况',
  '随便|都可以|都行|无所谓|不好意思|对不起|不介意|是不是|要不|要么|要是|可不可以|有没有|对不对|好不好|行不行',
  "maybe|perhaps|not sure|unsure|i'?m not sure|(?:i )?(?:don'?t|do not) (?:know|understand)|dunno|no idea|no clue",
  'yes (?:and|or) no|(?:it )?depends|either|no,? wait',
)
const agreement = anyOf(
  // Refusals of what would be wrong.
  '不错|没错|没问题|没毛病|没关系|没事|不客气|不要紧',
  '是(?!不是|否|谁|什么|哪|吗|么|为|怎)|可以(?!不|吗|么)|要(?!不|是|么|怎|多|什)|需要(?!吗|什|多|怎)',
  `(?:对对|好好|[对好行成中可恩想能会有])${end}|对头|嗯|愿意|同意|赞成|接受|确认|正确|必须|(?:当然|肯定|一定)(?!不|没)`,
  `确定|我(?:要|想要|需要|愿意|同意|确定|可以)(?!不|吗)|麻烦(?:你|您)?了?${end}|已经(?:有|收到|好)|收到了`,
  `(?:yes|yep+|yeah?|yea+h?|yup+|sure|indeed|correct|exactly|agreed?)\\b|(?:ya|y|aye|ok(?:ay)?|k|right|true|fine|please)${ends}`,
  "(?:of course|certainly|absolutely|definitely)(?! not)|that'?s (?:right|correct|it|true|fine|ok)|affirmative|please do",
  'go ahead|sounds good|looks good|why not\\b|no problem|no worries|not a problem|by all means|you bet',
  "i (?:think|guess|suppose|hope|believe) so|i(?:'d| would) (?:love|like) (?:to|it|that)",
  `i (?:do|am|will|would|can|have|did|agree|accept|confirm)(?! not)${ends}`,
  `(?:it (?:is|does|did|has)|they (?:are|do|did))(?! not)${ends}|👍|👌|✅`,
)
const refusal = anyOf(
  `不|没|否|别(?!的|人)|算了|免了|拒绝|错了|(?:无|取消|错)${end}`,
  '(?:当然|肯定|一定|并|都|从|才|暂时)不|我[不没]|还没|并没|从来没|(?:当然|肯定)没',
  `(?:no|na|n|not|negative|wrong|false)${ends}|(?:nope+|nah+|never|nay|incorrect|disagree|refuse)\\b|no way`,
  'not (?:really|at all|yet|now|today|quite|any ?more|necessary|needed|interested|exactly|right|correct|that|this|me|any)',
  "(?:of course|certainly|absolutely|definitely) not|(?:don'?t|do not)\\b|i'?m not\\b|i'?d (?:rather|prefer) not",
  "i (?:don'?t|do not|didn'?t|did not|won'?t|will not|can'?t|cannot|haven'?t|have not|wouldn'?t|am not|disagree|refuse)\\b",
  "i'?m afraid not|i'?m (?:good|fine)[\\s\\p{P}]{1,5}thank",
  "it (?:isn'?t|is not|doesn'?t|does not|wasn'?t|hasn'?t)\\b|they (?:aren'?t|are not|don'?t|do not)\\b",
  "that'?s (?:wrong|not|incorrect|false)|👎|❌",
)
/** Who asks in turn has not answered: "没收到怎么办" is no refusal. */
const question = /[?吗么][\s\p{P}]{0,5}$|怎么|怎样|为什么|为啥|哪[里儿个天]|多少|多久|什么时候|如何|几[点天号个]/u
/** What is said before the answer proper. */
const opening =
  /^(?:[\s\p{P}]|well\b|oh\b|um+\b|uh+\b|hmm+\b|hi\b|hello\b|actually\b|呃|额|哦|噢|啊|唔|那个|那就|那|其实|您好|你好){1,6}/u
/** Later in a sentence as plain as at its beginning. */
const later =
  /好像不是|应该不是|暂时不|我觉得不|我觉得(?:可以|行|好)|应该(?:是|可以|有|对)|好像(?:是|有|对)|i think (?:yes|no)\b|i(?:'m afraid| guess| suppose| think) not\b|i (?:don't|do not) think so/u

/**
 * Agreement (true) or refusal (false) in Chinese or English: 对的, 不用了, yep, "not really". Null for what is neither (不知道,
 * "maybe"), for a question, and for words that are about something else.
 */
export function findYesNo(text: string): Found<boolean> | null {
  const folded = foldText(text).replaceAll('’', "'")
  if (question.test(folded)) return null
  const words = folded.replace(opening, '')
  if (words === '') return null
  // 嗯 is only a sound where more follows: "嗯，不是".
  const unsaid = words.replace(/^(?:嗯|恩|好吧){1,6}[\s\p{P}]{0,5}/u, '')
  return (unsaid !== '' ? decide(unsaid) : null) ?? decide(words)
}

function decide(words: string): Found<boolean> | null {
  if (neither.test(words)) return null
  // "of course not" begins as agreement does, "不错" as refusal does; each list leaves out what the other one has.
  for (const [pattern, value] of [
    [agreement, true],
    [refusal, false],
  ] as const) {
    const match = words.match(pattern)
    if (match && match[0] !== '') return { value, text: match[0] }
  }
  const said = words.length <= 40 ? words.match(later)?.[0] : undefined
  return said === undefined ? null : { value: !/不|\bnot?\b|don't/.test(said), text: said }
}
