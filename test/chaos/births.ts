/** What a birth of the sample city ends with, by type and holder. */
export const resultsOfBirth = [
  "11100000000013127D005 child",
  "11430999006123095L001 child",
  "11430999006123095L002 child",
  "11430999006123167D001 child",
  "maternity-payment mother",
  "parenting-guidance child",
  "resident-insurance-enrolment child",
];
