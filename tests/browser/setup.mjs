// Setting up, people, programmes, cohorts, seats, wishes, settings, the audit trail: every page of them, what people do on
// them, and the whole way from an empty database to an own published plan, with its pages and clicks counted.
import { check, test } from "./lib.mjs";
import { furnish } from "./furnish.mjs";

const office = {
  "home-office": "/", "departments-list": "/departments", "capacity-weeks": "/capacity/1", "people-list": "/people", "people-found": "/people?query=chen", "person": "/person/1",
  "member-form": "/people/new", "me": "/me", "units": "/units", "settings": "/settings", "audit-trail": "/audit", "audit-of": "/audit?subject=department", "notices": "/notices",
  "cohort-office": "/cohort/1", "students-office": "/students/1", "student-office": "/student/1", "programme-office": "/programme/1",
};
const secretary = {
  "home-of-secretary": "/", "programmes-list": "/programmes", "programme": "/programme/1", "programme-open": "/programme/1?rotation=1", "cohorts-list": "/cohorts", "cohort": "/cohort/1",
  "cohort-edit": "/cohort/1?edit=1", "students-list": "/students/1", "student-form": "/student/1", "wishes-overview": "/cohort/1/wishes", "wishes-for": "/wishes/1", "people-secretary": "/people",
};

await test(async (site) => {
  furnish(site);
  site.learn("secretary", "office");
  await site.open({ today: "2027-04-07" });
  await site.tour("陈静", office);
  await site.tour("周敏", secretary);
});
