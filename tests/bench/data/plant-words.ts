/** Words that faults are planted with. Nobody has these numbers, cards and names; checksums are right, since a detector asks for that. */

type Language = 'zh' | 'en'
export type PersonalKind = 'phone' | 'email' | 'identity' | 'card' | 'address' | 'name'

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length]!
const digits = (count: number, random: () => number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('')

/** GB 11643-1999: weights 2^(17-i) mod 11 over the first 17 digits. */
function identityCard(random: () => number): string {
  const region = pick(['110105', '310115', '440305', '330106', '510107'], Math.floor(random() * 5))
  const born = `19${60 + Math.floor(random() * 40)}${pick(['0112', '0623', '1130', '0805'], Math.floor(random() * 4))}`
  const body = region + born + digits(3, random)
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (2 ** (17 - i) % 11), 0)
  return body + '10X98765432'[sum % 11]
}

/** ISO/IEC 7812-1: the last digit makes the sum of Luhn a multiple of ten. */
function bankCard(random: () => number, length: number): string {
  const body =
    pick(['622202', '621700', '622848', '411111', '540123'], Math.floor(random() * 5)) + digits(length - 7, random)
  const sum = [...body].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return body + ((10 - (sum % 10)) % 10)
}

const grouped = (text: string): string => text.replace(/(\d{4})(?=\d)/g, '$1 ')

/** Each puts something personal behind or before what was said. */
export const personal: Record<
  PersonalKind,
  (text: string, language: Language, at: number, random: () => number) => string
> = {
  phone(text, language, at, random) {
    const zh = [
      `${text}，我的电话是13${digits(9, random)}`,
      `手机号 15${digits(1, random)}-${digits(4, random)}-${digits(4, random)} ${text}`,
      `${text} 请打 010-6${digits(7, random)}`,
      `${text}，联系 +86 138${digits(8, random)}`,
      `${text}，座机（0755）2${digits(7, random)}`,
    ]
    const en = [
      `${text}, call me at +1 415-555-${digits(4, random)}`,
      `my number is +44 20 7946 0${digits(3, random)}, ${text}`,
      `${text} (212) 555-0${digits(3, random)}`,
      `${text}. text 646-555-${digits(4, random)}`,
      `${text}, phone +49 30 901820${digits(2, random)}`,
    ]
    return pick(language === 'zh' ? zh : en, at)
  },
  email(text, language, at, random) {
    const address = pick(['li.wei', 'Maya_O', 'xiaoyu88', 'j.doe+shop'], at) + digits(2, random)
    const whole = `${address}@${pick(['example.com', 'mail.example.org', 'qq.example.cn'], at)}`
    return language === 'zh' ? pick([`${text}，发到${whole}`, `${whole} ${text}`], at) : `${text}, write to ${whole}`
  },
  identity(text, language, at, random) {
    const card = identityCard(random)
    return language === 'zh'
      ? pick([`${text}，身份证号${card}`, `身份证：${card.toLowerCase()}，${text}`], at)
      : `${text}, my Chinese id is ${card}`
  },
  card(text, language, at, random) {
    const card = bankCard(random, pick([16, 19], at))
    const shown = at % 3 === 0 ? grouped(card) : card
    return language === 'zh' ? `${text}，卡号${shown}` : `${text}, my card is ${shown}`
  },
  address(text, language, at, random) {
    const no = 1 + Math.floor(random() * 300)
    const zh = [
      `${text}，寄到北京市朝阳区建国路${no}号`,
      `${text} 地址是广东省深圳市南山区科技园路${no}号2栋301室`,
      `收货地址：浙江省杭州市西湖区文三路${no}号，${text}`,
      `${text}，我住在浦东新区世纪大道${no}弄5号楼`,
    ]
    const en = [
      `${text}, send it to ${no} Baker Street`,
      `${text}. I live at ${no} North Oak Avenue, Apt 4`,
      `${text}, my address is ${no} Sunset Blvd`,
      `ship to ${no} Park Road please, ${text}`,
    ]
    return pick(language === 'zh' ? zh : en, at)
  },
  name(text, language, at) {
    const zh = [
      `我叫${pick(['王小雨', '李建国', '欧阳明'], at)}，${text}`,
      `${text}，联系人${pick(['张伟', '陈思远', '刘洋'], at)}`,
      `我是${pick(['赵', '孙', '周'], at)}${pick(['先生', '女士', '小姐'], at)}，${text}`,
      `${text}，我的名字是${pick(['林婉', '黄志强', '吴桐'], at)}`,
    ]
    const en = [
      `my name is ${pick(['Maya Okafor', 'John Miller', 'Ana'], at)}, ${text}`,
      `${text}. I am Mr. ${pick(['Thompson', 'Garcia', 'Novak'], at)}`,
      `${text}, regards Mrs ${pick(['Evelyn Park', 'Brown', 'Dubois'], at)}`,
      `hello, this is ${pick(['Peter Lang', 'Sara Cohen', 'Liam Reed'], at)} speaking, ${text}`,
    ]
    return pick(language === 'zh' ? zh : en, at)
  },
}

const foreigners = {
  en: [
    'where can i see the bill of last month',
    'please stop all messages that you send to me',
    'how long does it take until the new one is here',
    'i would like to speak with somebody in your office',
    'my password does not work any more since yesterday',
    'what do you charge for sending it abroad',
    'the app closes as soon as i open the camera',
    'can two people use the same account at once',
  ],
  zh: [
    '上个月的账单在哪里看',
    '请不要再给我发短信了',
    '新的要多久才能寄到我这里',
    '我想找你们办公室的人聊一聊',
    '昨天开始密码就一直不对',
    '寄到国外要收多少钱',
    'где можно посмотреть счёт за прошлый месяц',
    'как долго мне ещё ждать ответа от вас',
    '先月の請求書はどこで見られますか',
    'パスワードが昨日から使えません',
  ],
} as const

/** A sentence that is not in the language of the set; each is made different by a number. */
export function foreign(of: Language, at: number): string {
  const sentences = of === 'zh' ? foreigners.en : foreigners.zh
  return `${pick(sentences, at)} ${at + 10}`
}

export const tooShort = ['?', '。。。', 'a', '1', '，', '😀', '!!!', '嗯', '--', '2', '…', 'k']

export const openings: Record<Language, string[]> = {
  zh: ['您好，', '【在线客服】'],
  en: ['Hello there, ', 'Dear support team: '],
}
export const closings: Record<Language, string[]> = {
  zh: ['\n发自我的iPhone'],
  en: ['\nSent from my iPhone'],
}
