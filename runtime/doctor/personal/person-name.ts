/** The hundred most frequent surnames (2020 census yearbook: 86 % of people) and some less frequent ones that are no common words. */
const single =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文洪倪柳樊兰殷施'
const double = '欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯'
const surname = `(?:${double}|[${single}])`

const introduced = new RegExp(
  `(?:我叫|我的名字是|我的名字叫|名字叫|本人叫|联系人(?:是|为|[:： ])?|收件人(?:是|为|[:： ])?|收货人(?:是|为|[:： ])?|姓名(?:是|为|[:： ])?)(${surname}\\p{Script=Han}{1,2})(?![\\p{Script=Han}])`,
  'gu',
)
const titled = new RegExp(`(${surname}\\p{Script=Han}{0,2}?(?:先生|女士|小姐))`, 'gu')

const word = "[A-Za-z][A-Za-z'-]{1,20}"
const called = new RegExp(
  `(?<![A-Za-z])(?:[Mm]y (?:full |first |last )?name is|MY NAME IS|[Tt]hey call me|I am called) (${word}(?: [A-Z][A-Za-z'-]{1,20}){0,2})`,
  'g',
)
const speaking = new RegExp(`(?<![A-Za-z])[Tt]his is (${word}(?: ${word})?) (?:speaking|calling|here)(?![A-Za-z])`, 'g')
const title = /(?<![A-Za-z])((?:Mr|Mrs|Ms|Miss|mr|mrs|ms)\.? [A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{1,20})?)/g
/** What people say after "my name is" that is none. */
const noName =
  /^(?:not|on|in|the|a|an|wrong|incorrect|spelled|misspelled|different|still|now|listed|written|correct|missing|showing|no|too|also|being|what|your|my)$/i

/** Names of people, by what is said before them or the title that they have. A name without either is not found. */
export function namesIn(folded: string): [start: number, end: number][] {
  const found: [number, number][] = []
  for (const pattern of [introduced, titled, called, speaking, title])
    for (const match of folded.matchAll(pattern)) {
      const name = match[1]!
      if (noName.test(name.split(' ')[0]!)) continue
      const start = match.index + match[0].lastIndexOf(name)
      found.push([start, start + name.length])
    }
  return found
}
