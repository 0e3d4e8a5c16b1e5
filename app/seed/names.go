package seed

import "math/rand/v2"

// name invents a name. Given and family names are from many communities, and
// drawn apart, so that hardly any belongs to somebody.
func name(chance *rand.Rand) string {
	given, family := givenNames(), familyNames()
	return given[chance.IntN(len(given))] + " " + family[chance.IntN(len(family))]
}

func givenNames() []string {
	return []string{
		"Aaliyah", "Adaeze", "Ahmad", "Aiko", "Ana María", "Anh", "Anjali", "Aroha", "Bilal", "Birgitta", "Caoimhe",
		"Carlos", "Chidi", "Chloé", "Dakota", "Daniela", "Deepak", "Dmitri", "Ebony", "Elena", "Elif", "Emeka", "Esperanza",
		"Fatuma", "Gabriel", "Giulia", "Grace", "Guadalupe", "Hana", "Haruto", "Hassan", "Hoàng", "Ifeoma", "Imani", "Inés",
		"Isabella", "Jamal", "Jin-woo", "Joaquín", "Kamala", "Keisha", "Kwame", "Lakshmi", "Layla", "Leilani", "Linh",
		"Łukasz", "Malik", "Mariam", "Mateo", "Mei", "Miriam", "Moana", "Nadia", "Naomi", "Ngozi", "Nizhoni", "Olena",
		"Omar", "Parisa", "Priya", "Rahul", "Rosa", "Ruth", "Samira", "Seo-yeon", "Siobhán", "Søren", "Tariq", "Thandiwe",
		"Tomás", "Wei", "Winona", "Xóchitl", "Yusuf", "Zainab", "Zoë", "Олена", "李娜", "فاطمة",
	}
}

func familyNames() []string {
	return []string{
		"Abdi", "Adeyemi", "Agarwal", "Al-Masri", "Andersson", "Baker", "Begay", "Bianchi", "Boateng", "Castillo", "Chang",
		"Chavez", "Chen", "Cohen", "Coleman", "Cruz", "Danjuma", "Delgado", "Desai", "Diallo", "Dubois", "Eze", "Farah",
		"Fernández", "Fitzgerald", "Flores", "Garza", "Ghosh", "Gutiérrez", "Haddad", "Hernández", "Hoang", "Hosseini",
		"Ibrahim", "Iwu", "Jackson", "Jeffries", "Kahananui", "Kamau", "Kaur", "Kim", "Kowalski", "Krishnan", "Larsen",
		"Levy", "Littlefeather", "Lopez", "Mbeki", "McAllister", "Mendoza", "Mohamud", "Morales", "Moreau", "Müller",
		"Mwangi", "Nakamura", "Nguyễn", "Novák", "O'Brien", "Ochoa", "Okafor", "Osei", "Ozturk", "Park", "Patel", "Pérez",
		"Petrov", "Pham", "Popescu", "Rahman", "Reyes", "Rivera", "Robinson", "Rosenberg", "Santos", "Sato", "Schmidt",
		"Shevchenko", "Singh", "Tanaka", "Tapia", "Thompson", "Torres", "Tran", "Tsosie", "Washington", "Whitehorse",
		"Williams", "Wójcik", "Wu", "Yazzie", "Yilmaz", "Zamora", "Zhang", "Ševčík",
	}
}
