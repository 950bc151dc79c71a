DROP TABLE mutation_pauses;
