export const admissionTable = "{}";
