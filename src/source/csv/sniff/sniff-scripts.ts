import type { Encoding } from '../../../metadata/encodings.ts';

/** A language as it shows in text: letters beyond ASCII, the common ones of scripts that have thousands. */
export interface Script {
  readonly language: string;
  readonly letters: string;
  /** Share of a text's letters beyond ASCII that these make up, where not all. */
  readonly share?: number;
}

const latin = (language: string, lower: string): Script => ({ language, letters: lower + lower.toUpperCase() });

const WESTERN = [
  // Names of places and people from everywhere.
  { ...latin('Western European', 'äöüßàâæçéèêëîïôœùûáíóúñãõåøìò'), share: 1.08 },
  latin('German', 'äöüß'),
  latin('French', 'àâæçéèêëîïôœùûüÿ'),
  latin('Spanish', 'áéíñóúü¿¡ºª'),
  latin('Portuguese', 'ãáàâçéêíóôõúºª'),
  latin('Italian', 'àèéìíòóù'),
  latin('Nordic', 'åäöæøé'),
  latin('Dutch', 'éëèïöüó'),
  latin('Icelandic', 'áðéíóúýþæö'),
];
const CENTRAL = [
  latin('Polish', 'ąćęłńóśźż'),
  latin('Czech', 'áčďéěíňóřšťúůýž'),
  latin('Slovak', 'áäčďéíĺľňóôŕšťúýž'),
  latin('Hungarian', 'áéíóöőúüű'),
  latin('Romanian', 'ăâîşţșț'),
  latin('Croatian', 'čćđšž'),
];
const TURKISH = [latin('Turkish', 'çğıöşüİâ')];
const BALTIC = [latin('Lithuanian', 'ąčęėįšųūž'), latin('Latvian', 'āčēģīķļņšūž'), latin('Estonian', 'äõöüšž')];
const VIETNAMESE = [latin('Vietnamese', 'ăâđêôơự̀́̉̃')];
const CYRILLIC = [
  { language: 'Russian', letters: 'абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ№' },
  { language: 'Ukrainian', letters: 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЮЯ№' },
  { language: 'Serbian', letters: 'абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ' },
];
const GREEK = [{ language: 'Greek', letters: 'αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ' }];
const HEBREW = [{ language: 'Hebrew', letters: 'אבגדהוזחטיךכלםמןנסעףפץצקרשת' }];
const ARABIC = [{ language: 'Arabic', letters: 'ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ' }];

const KANA =
  'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんがぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽっゃゅょ' +
  'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダデドバビブベボパピプペポッャュョァィゥェォヴー';
const KANJI =
  '日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争談能無再位置企真流格有疑口過局少放税検藤町常校料沢裁状工建語球営空職証土与急止送援供可役構木割聞身費付施切由説転食比難防補車優夫研収断井何南石足違消境神番規術護展態導鮮備宅害配副算視条幹独警宮究育席輸訪楽起万着乗店述残想線率病農州武声質念待試族象銀域助労例衛然早張映限親額監環験追審商葉義伝働形景落欧担好退準賀訴辺造英被株頭技低毎医復仕去姿味負閣韓渡失移差衆個門写評課末守若脳極種美岡影命含福蔵量望松非撃佐核観察整段横融型白深字答夜製票況音申様財港識注呼渉達名前住所電話番号郵便県市';
const HANZI_SIMPLE =
  '的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏姓号编地址期单价量类型备注省县镇街道邮箱手机码格额款店货订';
const HANZI_FULL =
  '的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她里後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清物台象記邊共風戰接它許八特覺望直服林題建南度統色字請交愛讓認算論百吃義科怎元社術結六功指思非流每青管夫連遠資隊跟帶花快條院變聯言權往展該領傳近留紅治決周保達辦運武半候七必城父強步完革深區即求品士轉量空甚眾技輕程告江語英基派滿式李息寫呢識極令黃德收臉錢黨倒未持取設始版雙歷越史商千片容研像找友孩站廣改議形委早房音火際則首單據導影失拿網香似斯專石若兵弟誰校讀志飛觀爭究包組造落視濟喜離雖姓號編址類型備註省縣鎮街郵箱碼格額款店貨訂臺灣';
const HANGUL =
  '이다는을가에의한고를하은로지도사인기서있나어자대시그리해전정일수과아라스면부들만원주으보상제적것구동없게성년여했공장조비유국트마신안위거당니드경세무까관우모중오생소용선화분발개경연때문호명내또강진실단방학바말계되제처럼할미민결려박최김종반물법재와음양더입체외현행본속점식업회름직간품남북산교육통약청김소번심출권운노감달치타작건토군터료데월요급차태습머배확질추영포불형목복임설판역표력초향천저름하주소전화번호';

const JAPANESE: Script = { language: 'Japanese', letters: KANA + KANJI, share: 0.9 };

/** Encodings that are told apart by how plausible text is in them; the first of equals wins. UTF-8 and UTF-16 are told before. */
export const PLAUSIBLE: readonly (readonly [Encoding, readonly Script[]])[] = [
  ['windows-1252', WESTERN],
  ['shift_jis', [JAPANESE]],
  ['euc-jp', [JAPANESE]],
  ['gb18030', [{ language: 'Chinese', letters: HANZI_SIMPLE, share: 0.75 }]],
  ['big5', [{ language: 'Chinese (traditional)', letters: HANZI_FULL, share: 0.75 }]],
  ['euc-kr', [{ language: 'Korean', letters: HANGUL, share: 0.8 }]],
  ['windows-1251', CYRILLIC],
  ['windows-1250', CENTRAL],
  ['iso-8859-2', CENTRAL],
  ['windows-1254', TURKISH],
  ['windows-1257', BALTIC],
  ['windows-1253', GREEK],
  ['iso-8859-7', GREEK],
  ['windows-1255', HEBREW],
  ['windows-1256', ARABIC],
  ['windows-1258', VIETNAMESE],
  ['koi8-r', CYRILLIC],
  ['iso-8859-5', CYRILLIC],
  ['iso-8859-15', WESTERN],
  ['macintosh', WESTERN],
];
