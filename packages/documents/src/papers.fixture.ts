// One paper of every kind, as a department of a city that does not exist would write it.
import { documentNumber, type PaperKind } from "./kinds.ts";
import type { Paper } from "./paper.ts";

const remedies = {
  reconsideration: { zh: "示例市人民政府", en: "the People's Government of Sample City" },
  court: { zh: "示例市中区人民法院", en: "the People's Court of Central District, Sample City" },
};

const contact = {
  office: { zh: "示例市卫生健康委员会行政审批科", en: "Approvals Section, Sample City Health Commission" },
  phone: "19900001234",
};

export const common = (kind: PaperKind) => ({
  number: documentNumber("示卫许", 2026, kind, 12),
  department: { name: { zh: "示例市卫生健康委员会", en: "Sample City Health Commission" } },
  caseNumber: "11430999006123095L43001230070012026112400001",
  applicant: { name: "陈小云", number: "430999199003070019" },
  item: {
    name: { zh: "公共场所卫生许可", en: "Hygiene licence for public places" },
    code: "11430999006123095L430012300700101",
  },
  appliedOn: "2026-11-20",
  date: "2026-11-24",
  check: { code: "7KQM-4XRD-WT2H", url: "https://onething.example/api/v1/check/7KQM4XRDWT2H" },
  contact,
});

export const samples: { [K in PaperKind]: Extract<Paper, { kind: K }> } = {
  receipt: {
    kind: "receipt",
    ...common("receipt"),
    answerBy: "2026-11-27",
    papers: [
      { name: { zh: "公共场所卫生许可申请表", en: "Application form" }, copies: 1, form: "original" },
      { name: { zh: "营业执照", en: "Business licence" }, copies: 1, form: "copy", returned: true },
      { name: { zh: "经营场所平面图", en: "Floor plan of the premises" }, copies: 2, form: "copy" },
      { name: { zh: "卫生检测报告", en: "Hygiene test report" }, copies: 1, form: "electronic" },
    ],
  },
  acceptance: {
    kind: "acceptance",
    ...common("acceptance"),
    contact,
    acceptedOn: "2026-11-24",
    promisedOn: "2026-12-08",
    dueOn: "2026-12-22",
    queryWay: {
      zh: "登录政务服务网“我的办件”，凭办件编号查询；也可以拨打下列电话询问。",
      en: 'Open "My cases" on the government services site with the case number, or call the number below.',
    },
  },
  supplement: {
    kind: "supplement",
    ...common("supplement"),
    respondBy: "2026-12-08",
    consequence: {
      zh: "逾期未补正的，视为撤回申请",
      en: "An application that is not supplemented by then counts as withdrawn.",
    },
    gaps: [
      {
        what: { zh: "卫生检测报告", en: "Hygiene test report" },
        problem: {
          zh: "报告出具日期为2024年3月1日，已超过一年有效期。",
          en: "Dated 1 March 2024, older than one year.",
        },
        remedy: {
          zh: "提交一年内由有资质的检测机构出具的卫生检测报告。",
          en: "Hand in a report of a qualified laboratory from within the last year.",
        },
      },
      {
        what: { zh: "经营场所平面图", en: "Floor plan of the premises" },
        problem: { zh: "未标明消毒间位置和面积。", en: "The disinfection room is not marked." },
        remedy: {
          zh: "在平面图上标明消毒间的位置、面积，并由负责人签名。",
          en: "Mark its place and area, and have the manager sign.",
        },
      },
    ],
  },
  non_acceptance: {
    kind: "non_acceptance",
    ...common("non_acceptance"),
    ground: {
      is: "not_this_authority",
      rightBody: {
        name: { zh: "示例市市场监督管理局", en: "Sample City Market Regulation Bureau" },
        address: {
          zh: "示例市政务服务中心二楼综合窗口",
          en: "one-stop windows, second floor, Sample City Service Centre",
        },
      },
    },
    reason: {
      zh: "食品经营许可由县级以上地方市场监督管理部门实施，本机关无权办理。",
      en: "Licences for the food trade are granted by the market regulation departments; we have no power to do so.",
    },
    remedies,
  },
  special_procedure: {
    kind: "special_procedure",
    ...common("special_procedure"),
    procedure: "expert_review",
    reason: {
      zh: "申请场所采用集中空调通风系统，其卫生状况需要由专家评审后方可认定。",
      en: "The premises have a central ventilation system, whose hygiene experts must review.",
    },
    startsOn: "2026-11-25",
    workingDays: 10,
    endsOn: "2026-12-08",
  },
  extension: {
    kind: "extension",
    ...common("extension"),
    acceptedOn: "2026-10-27",
    dueOn: "2026-11-24",
    workingDays: 10,
    newDueOn: "2026-12-08",
    reason: {
      zh: "申请材料所载场所面积与现场核查情况不一致，需要向不动产登记机构进一步核实。",
      en: "The area stated differs from what was found on site; the real estate registry has to be asked.",
    },
    approvedBy: { zh: "本机关负责人李建国", en: "Li Jianguo, head of this authority" },
  },
  granted: {
    kind: "granted",
    ...common("granted"),
    facts: [
      {
        zh: "申请人于2026年11月20日提交的材料齐全、符合法定形式。",
        en: "The papers handed in on 20 November 2026 are complete and in the form required.",
      },
      {
        zh: "2026年11月23日，两名工作人员现场核查，场所卫生设施符合国家标准。",
        en: "On 23 November 2026 two officers saw the premises: the facilities meet the national standard.",
      },
    ],
    basis: [
      { zh: "《公共场所卫生管理条例》第四条", en: "Regulation on Hygiene in Public Places, article 4" },
      { zh: "《公共场所卫生管理条例实施细则》第二十二条", en: "Rules for that regulation, article 22" },
    ],
    result: [
      { label: { zh: "许可证号", en: "Licence number" }, value: "示卫公证字〔2026〕第0012号" },
      { label: { zh: "许可项目", en: "Licensed for" }, value: { zh: "住宿场所", en: "Lodging" } },
      {
        label: { zh: "有效期", en: "Valid" },
        value: { zh: "2026年11月24日至2030年11月23日", en: "24 November 2026 to 23 November 2030" },
      },
    ],
    deliverBy: "2026-12-08",
    remedies,
  },
  deemed_grant: {
    kind: "deemed_grant",
    ...common("deemed_grant"),
    appliedOn: "2026-10-26",
    acceptedOn: "2026-10-27",
    limitOn: "2026-11-23",
    basis: {
      zh: "《中华人民共和国行政许可法》第五十条第二款：逾期未作决定的，视为准予延续",
      en: "Administrative Licensing Law, article 50(2): without a decision in time a renewal counts as granted",
    },
    result: [
      { label: { zh: "许可证号", en: "Licence number" }, value: "示卫公证字〔2022〕第0012号" },
      {
        label: { zh: "延续至", en: "Renewed until" },
        value: { zh: "2030年11月23日", en: "23 November 2030" },
      },
    ],
    deliverBy: "2026-12-08",
    remedies,
  },
  refused: {
    kind: "refused",
    ...common("refused"),
    facts: [
      {
        zh: "2026年11月23日，两名工作人员现场核查，场所未设置独立的消毒间。",
        en: "On 23 November 2026 two officers saw the premises: there is no separate disinfection room.",
      },
    ],
    reasons: [
      {
        zh: "公共用品用具未设专用消毒间，不符合《公共场所卫生指标及限值要求》（GB 37488）。",
        en: "Without a disinfection room the premises do not meet GB 37488.",
      },
      { zh: "从业人员中有2人未取得健康合格证明。", en: "Two of the staff have no health certificate." },
    ],
    basis: [
      {
        zh: "《公共场所卫生管理条例》第四条、第七条",
        en: "Regulation on Hygiene in Public Places, articles 4 and 7",
      },
    ],
    remedies,
  },
  delivery: {
    kind: "delivery",
    ...common("delivery"),
    delivered: [
      {
        name: { zh: "准予行政许可决定书", en: "Decision to grant a licence" },
        number: documentNumber("示卫许", 2026, "granted", 12),
        copies: 1,
      },
      {
        name: { zh: "公共场所卫生许可证", en: "Hygiene licence for public places" },
        number: "示卫公证字〔2026〕第0012号",
        copies: 1,
      },
    ],
    recipient: { name: "陈小云", relation: { zh: "申请人本人", en: "The applicant" } },
    method: "window",
    place: { zh: "示例市政务服务中心出件窗口", en: "Delivery window, Sample City Service Centre" },
    deliveredOn: "2026-11-24",
    deliveredBy: "王敏",
  },
  revocation: {
    kind: "revocation",
    ...common("revocation"),
    decision: { number: documentNumber("示卫许", 2026, "granted", 7), date: "2026-11-02" },
    ground: "fraud",
    reasons: [
      {
        zh: "申请时提交的卫生检测报告经核实系伪造，署名的检测机构没有出具过该报告。",
        en: "The hygiene test report handed in was forged: the laboratory it names has never issued it.",
      },
    ],
    issued: [
      {
        name: { zh: "公共场所卫生许可证", en: "Hygiene licence for public places" },
        number: "示卫公证字〔2026〕第0007号",
      },
    ],
    remedies: {
      ...remedies,
      own: [{ zh: "可以到出件窗口陈述、申辩", en: "You may state your case at the delivery window." }],
    },
  },
};
