; softmax
define internal i32 @softmax.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) align 4 %a1, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr i8, ptr %workspace, i64 0
  %v2 = getelementptr i8, ptr %workspace, i64 64
  %v3 = getelementptr i8, ptr %workspace, i64 704
  call void @llvm.masked.store.v16f32.p0(<16 x float> splat (float 0xFFF0000000000000), ptr align 64 %v1, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  br label %loop5
loop5:
  %i1.7 = phi i64 [ 0, %entry ], [ %v106, %loop5 ]
  %v8 = mul nsw i64 %i1.7, 40
  %v9 = getelementptr float, ptr %a0, i64 %v8
  %v33 = getelementptr float, ptr %v1, i64 %i1.7
  %v10 = load <16 x float>, ptr %v9, align 4
  %v11 = shufflevector <16 x float> %v10, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v12 = shufflevector <16 x float> %v10, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v13 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v11, <8 x float> %v12)
  %v14 = fcmp uno <8 x float> %v11, %v11
  %v15 = select <8 x i1> %v14, <8 x float> %v11, <8 x float> %v13
  %v16 = shufflevector <8 x float> %v15, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v17 = shufflevector <8 x float> %v15, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v18 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v16, <4 x float> %v17)
  %v19 = fcmp uno <4 x float> %v16, %v16
  %v20 = select <4 x i1> %v19, <4 x float> %v16, <4 x float> %v18
  %v21 = shufflevector <4 x float> %v20, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v22 = shufflevector <4 x float> %v20, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v23 = fcmp ogt <2 x float> %v21, %v22
  %v24 = select <2 x i1> %v23, <2 x float> %v21, <2 x float> %v22
  %v25 = fcmp uno <2 x float> %v21, %v21
  %v26 = select <2 x i1> %v25, <2 x float> %v21, <2 x float> %v24
  %v27 = extractelement <2 x float> %v26, i64 0
  %v28 = extractelement <2 x float> %v26, i64 1
  %v29 = fcmp ogt float %v27, %v28
  %v30 = select i1 %v29, float %v27, float %v28
  %v31 = fcmp uno float %v27, %v27
  %v32 = select i1 %v31, float %v27, float %v30
  %v34 = load float, ptr %v33, align 4
  %v35 = fcmp ogt float %v34, %v32
  %v36 = select i1 %v35, float %v34, float %v32
  %v37 = fcmp uno float %v34, %v34
  %v38 = select i1 %v37, float %v34, float %v36
  store float %v38, ptr %v33, align 4
  %v39 = getelementptr float, ptr %v9, i64 16
  %v40 = load <16 x float>, ptr %v39, align 4
  %v41 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v42 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v43 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v41, <8 x float> %v42)
  %v44 = fcmp uno <8 x float> %v41, %v41
  %v45 = select <8 x i1> %v44, <8 x float> %v41, <8 x float> %v43
  %v46 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v47 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v48 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v46, <4 x float> %v47)
  %v49 = fcmp uno <4 x float> %v46, %v46
  %v50 = select <4 x i1> %v49, <4 x float> %v46, <4 x float> %v48
  %v51 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v52 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v53 = fcmp ogt <2 x float> %v51, %v52
  %v54 = select <2 x i1> %v53, <2 x float> %v51, <2 x float> %v52
  %v55 = fcmp uno <2 x float> %v51, %v51
  %v56 = select <2 x i1> %v55, <2 x float> %v51, <2 x float> %v54
  %v57 = extractelement <2 x float> %v56, i64 0
  %v58 = extractelement <2 x float> %v56, i64 1
  %v59 = fcmp ogt float %v57, %v58
  %v60 = select i1 %v59, float %v57, float %v58
  %v61 = fcmp uno float %v57, %v57
  %v62 = select i1 %v61, float %v57, float %v60
  %v63 = load float, ptr %v33, align 4
  %v64 = fcmp ogt float %v63, %v62
  %v65 = select i1 %v64, float %v63, float %v62
  %v66 = fcmp uno float %v63, %v63
  %v67 = select i1 %v66, float %v63, float %v65
  store float %v67, ptr %v33, align 4
  %v68 = trunc i64 0 to i32
  %v69 = insertelement <16 x i32> poison, i32 %v68, i64 0
  %v70 = shufflevector <16 x i32> %v69, <16 x i32> poison, <16 x i32> zeroinitializer
  %v71 = add <16 x i32> %v70, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v72 = trunc i64 8 to i32
  %v73 = insertelement <16 x i32> poison, i32 %v72, i64 0
  %v74 = shufflevector <16 x i32> %v73, <16 x i32> poison, <16 x i32> zeroinitializer
  %v75 = icmp slt <16 x i32> %v71, %v74
  %v76 = getelementptr float, ptr %v9, i64 32
  %v77 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v76, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v78 = select <16 x i1> %v75, <16 x float> %v77, <16 x float> splat (float 0xFFF0000000000000)
  %v79 = shufflevector <16 x float> %v78, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v80 = shufflevector <16 x float> %v78, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v81 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v79, <8 x float> %v80)
  %v82 = fcmp uno <8 x float> %v79, %v79
  %v83 = select <8 x i1> %v82, <8 x float> %v79, <8 x float> %v81
  %v84 = shufflevector <8 x float> %v83, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v85 = shufflevector <8 x float> %v83, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v86 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v84, <4 x float> %v85)
  %v87 = fcmp uno <4 x float> %v84, %v84
  %v88 = select <4 x i1> %v87, <4 x float> %v84, <4 x float> %v86
  %v89 = shufflevector <4 x float> %v88, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v90 = shufflevector <4 x float> %v88, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v91 = fcmp ogt <2 x float> %v89, %v90
  %v92 = select <2 x i1> %v91, <2 x float> %v89, <2 x float> %v90
  %v93 = fcmp uno <2 x float> %v89, %v89
  %v94 = select <2 x i1> %v93, <2 x float> %v89, <2 x float> %v92
  %v95 = extractelement <2 x float> %v94, i64 0
  %v96 = extractelement <2 x float> %v94, i64 1
  %v97 = fcmp ogt float %v95, %v96
  %v98 = select i1 %v97, float %v95, float %v96
  %v99 = fcmp uno float %v95, %v95
  %v100 = select i1 %v99, float %v95, float %v98
  %v101 = load float, ptr %v33, align 4
  %v102 = fcmp ogt float %v101, %v100
  %v103 = select i1 %v102, float %v101, float %v100
  %v104 = fcmp uno float %v101, %v101
  %v105 = select i1 %v104, float %v101, float %v103
  store float %v105, ptr %v33, align 4
  %v106 = add nsw i64 %i1.7, 1
  %v107 = icmp slt i64 %v106, 4
  br i1 %v107, label %loop5, label %end6
end6:
  br label %loop109
loop109:
  %i4.111 = phi i64 [ 0, %end6 ], [ %v180, %loop109 ]
  %v112 = mul nsw i64 %i4.111, 40
  %v113 = getelementptr float, ptr %a0, i64 %v112
  %v115 = getelementptr float, ptr %v1, i64 %i4.111
  %v135 = getelementptr float, ptr %v2, i64 %v112
  %v114 = load <16 x float>, ptr %v113, align 4
  %v116 = load float, ptr %v115, align 4
  %v117 = insertelement <16 x float> poison, float %v116, i64 0
  %v118 = shufflevector <16 x float> %v117, <16 x float> poison, <16 x i32> zeroinitializer
  %v119 = fsub <16 x float> %v114, %v118
  %v120 = fcmp ogt <16 x float> splat (float 0xC05A000000000000), %v119
  %v121 = select <16 x i1> %v120, <16 x float> splat (float 0xC05A000000000000), <16 x float> %v119
  %v122 = fcmp olt <16 x float> splat (float 0x4056400000000000), %v121
  %v123 = select <16 x i1> %v122, <16 x float> splat (float 0x4056400000000000), <16 x float> %v121
  %v124 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v123, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v125 = fsub <16 x float> %v124, splat (float 0x4168000000000000)
  %v126 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v125, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v123)
  %v127 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v125, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v126)
  %v128 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v127, <16 x float> splat (float 0x3F8123B920000000))
  %v129 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v128, <16 x float> %v127, <16 x float> splat (float 0x3FA55545E0000000))
  %v130 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v129, <16 x float> %v127, <16 x float> splat (float 0x3FC55548E0000000))
  %v131 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v130, <16 x float> %v127, <16 x float> splat (float 0x3FE0000000000000))
  %v132 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v131, <16 x float> %v127, <16 x float> splat (float 0x3FF0000000000000))
  %v133 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v132, <16 x float> %v127, <16 x float> splat (float 0x3FF0000000000000))
  %v134 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v133, <16 x float> %v125, <16 x float> zeroinitializer, i16 -1, i32 4)
  store <16 x float> %v134, ptr %v135, align 32
  %v136 = getelementptr float, ptr %v113, i64 16
  %v137 = load <16 x float>, ptr %v136, align 4
  %v138 = load float, ptr %v115, align 4
  %v139 = insertelement <16 x float> poison, float %v138, i64 0
  %v140 = shufflevector <16 x float> %v139, <16 x float> poison, <16 x i32> zeroinitializer
  %v141 = fsub <16 x float> %v137, %v140
  %v142 = fcmp ogt <16 x float> splat (float 0xC05A000000000000), %v141
  %v143 = select <16 x i1> %v142, <16 x float> splat (float 0xC05A000000000000), <16 x float> %v141
  %v144 = fcmp olt <16 x float> splat (float 0x4056400000000000), %v143
  %v145 = select <16 x i1> %v144, <16 x float> splat (float 0x4056400000000000), <16 x float> %v143
  %v146 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v145, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v147 = fsub <16 x float> %v146, splat (float 0x4168000000000000)
  %v148 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v147, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v145)
  %v149 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v147, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v148)
  %v150 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v149, <16 x float> splat (float 0x3F8123B920000000))
  %v151 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v150, <16 x float> %v149, <16 x float> splat (float 0x3FA55545E0000000))
  %v152 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v151, <16 x float> %v149, <16 x float> splat (float 0x3FC55548E0000000))
  %v153 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v152, <16 x float> %v149, <16 x float> splat (float 0x3FE0000000000000))
  %v154 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v153, <16 x float> %v149, <16 x float> splat (float 0x3FF0000000000000))
  %v155 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v154, <16 x float> %v149, <16 x float> splat (float 0x3FF0000000000000))
  %v156 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v155, <16 x float> %v147, <16 x float> zeroinitializer, i16 -1, i32 4)
  %v157 = getelementptr float, ptr %v135, i64 16
  store <16 x float> %v156, ptr %v157, align 32
  %v158 = getelementptr float, ptr %v113, i64 32
  %v159 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v158, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v160 = load float, ptr %v115, align 4
  %v161 = insertelement <16 x float> poison, float %v160, i64 0
  %v162 = shufflevector <16 x float> %v161, <16 x float> poison, <16 x i32> zeroinitializer
  %v163 = fsub <16 x float> %v159, %v162
  %v164 = fcmp ogt <16 x float> splat (float 0xC05A000000000000), %v163
  %v165 = select <16 x i1> %v164, <16 x float> splat (float 0xC05A000000000000), <16 x float> %v163
  %v166 = fcmp olt <16 x float> splat (float 0x4056400000000000), %v165
  %v167 = select <16 x i1> %v166, <16 x float> splat (float 0x4056400000000000), <16 x float> %v165
  %v168 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v167, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v169 = fsub <16 x float> %v168, splat (float 0x4168000000000000)
  %v170 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v169, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v167)
  %v171 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v169, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v170)
  %v172 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v171, <16 x float> splat (float 0x3F8123B920000000))
  %v173 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v172, <16 x float> %v171, <16 x float> splat (float 0x3FA55545E0000000))
  %v174 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v173, <16 x float> %v171, <16 x float> splat (float 0x3FC55548E0000000))
  %v175 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v174, <16 x float> %v171, <16 x float> splat (float 0x3FE0000000000000))
  %v176 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v175, <16 x float> %v171, <16 x float> splat (float 0x3FF0000000000000))
  %v177 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v176, <16 x float> %v171, <16 x float> splat (float 0x3FF0000000000000))
  %v178 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v177, <16 x float> %v169, <16 x float> zeroinitializer, i16 -1, i32 4)
  %v179 = getelementptr float, ptr %v135, i64 32
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v178, ptr align 32 %v179, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v180 = add nsw i64 %i4.111, 1
  %v181 = icmp slt i64 %v180, 4
  br i1 %v181, label %loop109, label %end110
end110:
  call void @llvm.masked.store.v16f32.p0(<16 x float> splat (float 0x0000000000000000), ptr align 64 %v3, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  br label %loop183
loop183:
  %i7.185 = phi i64 [ 0, %end110 ], [ %v245, %loop183 ]
  %v186 = mul nsw i64 %i7.185, 40
  %v187 = getelementptr float, ptr %v2, i64 %v186
  %v201 = getelementptr float, ptr %v3, i64 %i7.185
  %v188 = load <16 x float>, ptr %v187, align 32
  %v189 = shufflevector <16 x float> %v188, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v190 = shufflevector <16 x float> %v188, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v191 = fadd <8 x float> %v189, %v190
  %v192 = shufflevector <8 x float> %v191, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v193 = shufflevector <8 x float> %v191, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v194 = fadd <4 x float> %v192, %v193
  %v195 = shufflevector <4 x float> %v194, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v196 = shufflevector <4 x float> %v194, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v197 = fadd <2 x float> %v195, %v196
  %v198 = extractelement <2 x float> %v197, i64 0
  %v199 = extractelement <2 x float> %v197, i64 1
  %v200 = fadd float %v198, %v199
  %v202 = load float, ptr %v201, align 4
  %v203 = fadd float %v202, %v200
  store float %v203, ptr %v201, align 4
  %v204 = getelementptr float, ptr %v187, i64 16
  %v205 = load <16 x float>, ptr %v204, align 32
  %v206 = shufflevector <16 x float> %v205, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v207 = shufflevector <16 x float> %v205, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v208 = fadd <8 x float> %v206, %v207
  %v209 = shufflevector <8 x float> %v208, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v210 = shufflevector <8 x float> %v208, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v211 = fadd <4 x float> %v209, %v210
  %v212 = shufflevector <4 x float> %v211, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v213 = shufflevector <4 x float> %v211, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v214 = fadd <2 x float> %v212, %v213
  %v215 = extractelement <2 x float> %v214, i64 0
  %v216 = extractelement <2 x float> %v214, i64 1
  %v217 = fadd float %v215, %v216
  %v218 = load float, ptr %v201, align 4
  %v219 = fadd float %v218, %v217
  store float %v219, ptr %v201, align 4
  %v220 = trunc i64 0 to i32
  %v221 = insertelement <16 x i32> poison, i32 %v220, i64 0
  %v222 = shufflevector <16 x i32> %v221, <16 x i32> poison, <16 x i32> zeroinitializer
  %v223 = add <16 x i32> %v222, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v224 = trunc i64 8 to i32
  %v225 = insertelement <16 x i32> poison, i32 %v224, i64 0
  %v226 = shufflevector <16 x i32> %v225, <16 x i32> poison, <16 x i32> zeroinitializer
  %v227 = icmp slt <16 x i32> %v223, %v226
  %v228 = getelementptr float, ptr %v187, i64 32
  %v229 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 32 %v228, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v230 = select <16 x i1> %v227, <16 x float> %v229, <16 x float> splat (float 0x8000000000000000)
  %v231 = shufflevector <16 x float> %v230, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v232 = shufflevector <16 x float> %v230, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v233 = fadd <8 x float> %v231, %v232
  %v234 = shufflevector <8 x float> %v233, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v235 = shufflevector <8 x float> %v233, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v236 = fadd <4 x float> %v234, %v235
  %v237 = shufflevector <4 x float> %v236, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v238 = shufflevector <4 x float> %v236, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v239 = fadd <2 x float> %v237, %v238
  %v240 = extractelement <2 x float> %v239, i64 0
  %v241 = extractelement <2 x float> %v239, i64 1
  %v242 = fadd float %v240, %v241
  %v243 = load float, ptr %v201, align 4
  %v244 = fadd float %v243, %v242
  store float %v244, ptr %v201, align 4
  %v245 = add nsw i64 %i7.185, 1
  %v246 = icmp slt i64 %v245, 4
  br i1 %v246, label %loop183, label %end184
end184:
  br label %loop248
loop248:
  %i10.250 = phi i64 [ 0, %end184 ], [ %v274, %loop248 ]
  %v251 = mul nsw i64 %i10.250, 40
  %v252 = getelementptr float, ptr %v2, i64 %v251
  %v254 = getelementptr float, ptr %v3, i64 %i10.250
  %v259 = getelementptr float, ptr %a1, i64 %v251
  %v253 = load <16 x float>, ptr %v252, align 32
  %v255 = load float, ptr %v254, align 4
  %v256 = insertelement <16 x float> poison, float %v255, i64 0
  %v257 = shufflevector <16 x float> %v256, <16 x float> poison, <16 x i32> zeroinitializer
  %v258 = fdiv <16 x float> %v253, %v257
  store <16 x float> %v258, ptr %v259, align 4
  %v260 = getelementptr float, ptr %v252, i64 16
  %v261 = load <16 x float>, ptr %v260, align 32
  %v262 = load float, ptr %v254, align 4
  %v263 = insertelement <16 x float> poison, float %v262, i64 0
  %v264 = shufflevector <16 x float> %v263, <16 x float> poison, <16 x i32> zeroinitializer
  %v265 = fdiv <16 x float> %v261, %v264
  %v266 = getelementptr float, ptr %v259, i64 16
  store <16 x float> %v265, ptr %v266, align 4
  %v267 = getelementptr float, ptr %v252, i64 32
  %v268 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 32 %v267, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v269 = load float, ptr %v254, align 4
  %v270 = insertelement <16 x float> poison, float %v269, i64 0
  %v271 = shufflevector <16 x float> %v270, <16 x float> poison, <16 x i32> zeroinitializer
  %v272 = fdiv <16 x float> %v268, %v271
  %v273 = getelementptr float, ptr %v259, i64 32
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v272, ptr align 4 %v273, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v274 = add nsw i64 %i10.250, 1
  %v275 = icmp slt i64 %v274, 4
  br i1 %v275, label %loop248, label %end249
end249:
  ret i32 0
}

define i32 @softmax(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = call i32 @softmax.body(ptr %v2, ptr %v4, ptr %workspace, i32 %threads)
  ret i32 %v5
}

declare void @llvm.masked.store.v16f32.p0(<16 x float>, ptr, <16 x i1>)
declare <8 x float> @llvm.x86.avx.max.ps.256(<8 x float>, <8 x float>)
declare <4 x float> @llvm.x86.sse.max.ps(<4 x float>, <4 x float>)
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float>, <16 x float>, <16 x float>, i16, i32)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="512" "min-legal-vector-width"="512" }

