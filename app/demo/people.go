package demo

import "slices"

// The groups that the people of the demonstration belong to: the values of the
// claim "groups".
const (
	GroupPhysicians = "medical-staff"
	GroupManagers   = "cme-office"
	GroupEducators  = "chest-faculty"
	GroupOperators  = "first5-operators"
)

// The programmes that come with First5.
const (
	firstFive     = "first-5-minutes"
	heartHealth   = "heart-health"
	healthWorkers = "community-health-workers"
)

// Institution is an invented hospital or neighbourhood organisation, and everyone
// who can sign in there.
type Institution struct {
	ID       string // [a-z0-9-]+, the path of its issuer
	Name     string
	Domain   string   // of its e-mail addresses
	Programs []string // the slugs of what its people learn, in their order
	People   []Person
}

// Person is an invented member of an institution.
type Person struct {
	Subject string // the same at every start, so that records stay theirs
	Name    string
	Email   string
	NPI     string // ten digits; empty for those who are not physicians
	Title   string // as the sign-in page shows it
	Groups  []string
}

// Institutions returns the institutions of the demonstration, a fresh copy each
// time. Every e-mail domain ends in .example and every NPI begins with 2, and
// no real one does.
func Institutions() []Institution {
	return []Institution{mercyLakes(), harborPoint(), cedarStreet()}
}

func mercyLakes() Institution {
	return Institution{
		ID:       "mercy-lakes",
		Name:     "Mercy Lakes Health",
		Domain:   "mercy-lakes.example",
		Programs: []string{firstFive},
		People: []Person{
			{
				Subject: "ml-20417",
				Name:    "Noor Haddad",
				Email:   "noor.haddad@mercy-lakes.example",
				NPI:     "2073418560",
				Title:   "Physician, pulmonary medicine",
				Groups:  []string{GroupPhysicians},
			},
			{
				Subject: "ml-20893",
				Name:    "Daniel Ostrowski",
				Email:   "daniel.ostrowski@mercy-lakes.example",
				NPI:     "2590184372",
				Title:   "Physician, hospital medicine",
				Groups:  []string{GroupPhysicians},
			},
			{
				Subject: "ml-31150",
				Name:    "Grace Whitfield",
				Email:   "grace.whitfield@mercy-lakes.example",
				Title:   "Manager, continuing education office",
				Groups:  []string{GroupManagers},
			},
			{
				Subject: "ml-40062",
				Name:    "María José Villanueva",
				Email:   "maria.villanueva@mercy-lakes.example",
				Title:   "Educator, clinical communication",
				Groups:  []string{GroupEducators},
			},
			{
				Subject: "ml-50008",
				Name:    "Kenji Arakawa",
				Email:   "kenji.arakawa@mercy-lakes.example",
				Title:   "Engineer, information systems",
				Groups:  []string{GroupOperators},
			},
		},
	}
}

func harborPoint() Institution {
	return Institution{
		ID:       "harbor-point",
		Name:     "Harbor Point Medical Center",
		Domain:   "harbor-point.example",
		Programs: []string{firstFive},
		People: []Person{
			{
				Subject: "hp-1183",
				Name:    "Amara Okafor",
				Email:   "amara.okafor@harbor-point.example",
				NPI:     "2364907156",
				Title:   "Physician, critical care medicine",
				Groups:  []string{GroupPhysicians},
			},
			{
				Subject: "hp-1246",
				Name:    "Samuel Thornquist",
				Email:   "samuel.thornquist@harbor-point.example",
				NPI:     "2817509633",
				Title:   "Physician, family medicine",
				Groups:  []string{GroupPhysicians},
			},
			{
				Subject: "hp-2071",
				Name:    "Priya Raghunathan",
				Email:   "priya.raghunathan@harbor-point.example",
				Title:   "Manager, medical education",
				Groups:  []string{GroupManagers},
			},
		},
	}
}

func cedarStreet() Institution {
	return Institution{
		ID:       "cedar-street",
		Name:     "Cedar Street Neighbors",
		Domain:   "cedar-street.example",
		Programs: []string{heartHealth, healthWorkers},
		People: []Person{
			{
				Subject: "cs-117",
				Name:    "Devon Achterberg",
				Email:   "devon@cedar-street.example",
				Title:   "Heart health educator, high school student",
			},
			{
				Subject: "cs-042",
				Name:    "Luz Marina Ocampo",
				Email:   "luz@cedar-street.example",
				Title:   "Community health worker",
			},
			{
				Subject: "cs-003",
				Name:    "Theodora Banks",
				Email:   "theodora@cedar-street.example",
				Title:   "Manager, training",
				Groups:  []string{GroupManagers},
			},
		},
	}
}

// person returns the one of the institution's people with that subject.
func (i Institution) person(subject string) (Person, bool) {
	at := slices.IndexFunc(i.People, func(p Person) bool { return p.Subject == subject })
	if at < 0 {
		return Person{}, false
	}
	return i.People[at], true
}

// Role returns what First5 takes the person for, in a word or two.
func (p Person) Role() string {
	switch {
	case slices.Contains(p.Groups, GroupManagers):
		return "Records manager"
	case slices.Contains(p.Groups, GroupEducators):
		return "Educator"
	case slices.Contains(p.Groups, GroupOperators):
		return "Operator"
	case slices.Contains(p.Groups, GroupPhysicians):
		return "Physician"
	default:
		return "Learner"
	}
}

// Does returns what a person of that role does in First5.
func (p Person) Does() string {
	switch p.Role() {
	case "Records manager":
		return "downloads the institution’s records"
	case "Educator":
		return "writes modules"
	case "Operator":
		return "runs First5"
	default:
		return "takes modules"
	}
}
