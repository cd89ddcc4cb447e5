import type { LocalText } from '#kit'

/** What visitors may say, as it comes: phrases, separated by commas. Authors add their own in the form. */
export const phrases = {
  aside: {
    'zh-CN': '顺便问一下，顺便问下，顺便问，对了，另外问一下，另外，再问一下，先问一下，等一下，等等',
    en: 'by the way, btw, one more thing, another question, quick question, before that, wait',
  },
  correction: {
    'zh-CN':
      '不对，不是，错了，说错了，写错了，输错了，打错了，我说错了，我写错了，我是说，我的意思是，应该是，改成，改为，换成，更正，更正一下，其实是，哦不',
    en: 'no, no I meant, I meant, I mean, I meant to say, sorry I meant, actually, actually it is, actually no, correction, my mistake, change it to, change that to, make it, make that, it should be, rather, oops, wrong',
  },
  cancel: {
    'zh-CN': '取消，算了，不用了，不弄了，不办了，不要了，放弃，退出，停，停止',
    en: 'cancel, cancel that, cancel this, cancel it, never mind, nevermind, forget it, forget about it, stop, quit, exit, drop it',
  },
  restart: {
    'zh-CN': '重新开始，从头开始，重来，重新来，从头来，从头再来，重置，回到开头，回到首页，主菜单',
    en: 'start over, start again, restart, begin again, reset, main menu, back to start, from the beginning',
  },
  repeat: {
    'zh-CN': '再说一遍，再说一次，重复一遍，重复一下，没看清，没听清，什么，你说什么，刚才说什么',
    en: 'repeat, repeat that, say that again, say it again, come again, pardon, what did you say, once more',
  },
  person: {
    'zh-CN':
      '转人工，人工，人工客服，人工服务，找人工，真人，真人客服，找客服，找个人，活人，客服电话，在线客服，不要机器人',
    en: 'human, a person, real person, agent, live agent, talk to someone, speak to someone, talk to a human, speak to a human, talk to a person, speak with a person, representative, customer service, customer support, operator',
  },
  upset: {
    'zh-CN':
      '垃圾，骗子，骗人，投诉，举报，气死，太差了，太烂了，烂透了，坑人，坑爹，无语，什么玩意，滚蛋，滚开，去死，他妈，妈的，傻逼，傻叉，智障，白痴，忽悠人，受够了，差评，消协，12315',
    en: 'ridiculous, useless, terrible service, worst, scam, scammers, fraud, liar, liars, pathetic, disgusting, unacceptable, furious, sick of this, fed up, complaint, sue you, lawyer, bullshit, shit, fuck, fucking, wtf, damn, crap, idiot, idiots, stupid',
  },
} satisfies Record<string, LocalText>

/** What the bot says then, as it comes. */
export const replies = {
  back: { 'zh-CN': '我们接着刚才的：', en: 'Back to where we were:' },
  corrected: { 'zh-CN': '好的，已经改过来了。', en: 'All right, I have changed that.' },
  cancelled: { 'zh-CN': '好的，已经取消。还有什么可以帮您？', en: 'All right, cancelled. What else can I do for you?' },
  restarted: { 'zh-CN': '好的，我们从头来。', en: 'All right, let us start over.' },
  repeated: {},
  person: {
    'zh-CN': '好的，我请人工客服来接待您。您可以接着留言。',
    en: 'Of course, I am passing you on to a person. You can keep writing here.',
  },
  upset: { 'zh-CN': '非常抱歉让您不满意。', en: 'I am sorry that this went wrong.' },
  reminder: { 'zh-CN': '您还在吗？我还在等您的回复。', en: 'Are you still there? I am waiting for your answer.' },
  closed: {
    'zh-CN': '一直没有收到回复，这次先到这里。需要时随时再发消息。',
    en: 'I have not heard from you, so I will leave it here. Write whenever you need me.',
  },
} satisfies Record<string, LocalText>
