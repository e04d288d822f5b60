/** First names, some outside ASCII as in any real directory. */
export const FIRST_NAMES = [
  "Ada", "Alejandra", "Amélie", "Anders", "Anke", "Aoife", "Arjun", "Ayşe", "Beatriz", "Björn", "Chiara", "Chloé",
  "Dagmar", "Daniel", "Đorđe", "Elif", "Emma", "Fatima", "François", "Gabriela", "Grace", "Hana", "Håkon", "Hiroshi",
  "Ines", "Ivan", "Jakub", "James", "João", "José", "Julia", "Kai", "Karim", "Katarzyna", "Lea", "Liam", "Lucía",
  "Łukasz", "Maja", "Mateo", "Mei", "Mehmet", "Mia", "Mohammed", "Nadia", "Niamh", "Nikola", "Noah", "Nuño", "Olga",
  "Oscar", "Paula", "Pedro", "Priya", "Quentin", "Rania", "Renée", "Rosa", "Samuel", "Sanjay", "Siân", "Sofia",
  "Søren", "Tadeusz", "Tomás", "Ulla", "Uroš", "Valentina", "Wei", "Ximena", "Yara", "Yuki", "Zeynep", "Zoë",
] as const;

export const LAST_NAMES = [
  "Abara", "Adeyemi", "Almeida", "Andersson", "Babić", "Baker", "Bauer", "Bianchi", "Brandão", "Brown", "Castro",
  "Chen", "Cohen", "Cruz", "Dąbrowski", "D'Angelo", "Dubois", "Eriksen", "Fernández", "Fischer", "García", "Gómez",
  "Gupta", "Haddad", "Hansen", "Hoffmann", "Ibrahim", "Ito", "Ivanova", "Jansen", "Jones", "Kaya", "Khan", "Kim",
  "Kowalska", "Kumar", "Larsen", "Lefèvre", "Li", "Lindqvist", "Lopez", "Martin", "Meyer", "Müller", "Nakamura",
  "Nguyễn", "Nowak", "O'Brien", "Öztürk", "Park", "Patel", "Pereira", "Petrov", "Popescu", "Ramos", "Rossi", "Sato",
  "Schäfer", "Schmidt", "Šimić", "Silva", "Singh", "Smith", "Sørensen", "Szabó", "Tanaka", "Taylor", "Vargas",
  "Virtanen", "Wang", "Weiß", "Williams", "Yılmaz", "Zhang", "Zieliński",
] as const;

export const DEPARTMENTS = [
  "Engineering", "Sales", "Finance", "Human Resources", "Legal", "Marketing", "Operations", "Research", "Security",
  "Support",
] as const;

export const TITLES = [
  "Account Executive", "Analyst", "Architect", "Consultant", "Director", "Engineer", "Lead", "Manager", "Principal",
  "Specialist", "Vice President",
] as const;

export const CITIES: readonly (readonly [city: string, country: string, zone: string, locale: string])[] = [
  ["Zürich", "CH", "Europe/Zurich", "de_CH"], ["São Paulo", "BR", "America/Sao_Paulo", "pt_BR"],
  ["San José", "US", "America/Los_Angeles", "en_US"], ["Kraków", "PL", "Europe/Warsaw", "pl_PL"],
  ["東京", "JP", "Asia/Tokyo", "ja_JP"], ["Berlin", "DE", "Europe/Berlin", "de_DE"],
  ["London", "GB", "Europe/London", "en_GB"], ["Bengaluru", "IN", "Asia/Kolkata", "en_IN"],
  ["Montréal", "CA", "America/Toronto", "fr_CA"], ["Malmö", "SE", "Europe/Stockholm", "sv_SE"],
];

export const SKILLS = ["sql", "python", "negotiation", "kubernetes", "écriture", "audit", "design", "go", "tax"] as const;

/** A name as it goes into a login: ASCII letters only. */
export function asciiOf(name: string): string {
  return name
    .replace(/ß/g, "ss").replace(/[øØ]/g, "o").replace(/[łŁ]/g, "l").replace(/[đĐ]/g, "d").replace(/ı/g, "i")
    .normalize("NFD")
    .replace(/[^a-zA-Z]/g, "")
    .toLowerCase();
}
